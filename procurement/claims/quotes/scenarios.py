"""What visits that nobody has made yet would cost: each is priced by the tariff published for its day."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.core import database
from procurement.claims import rules
from procurement.claims.pricing import FAMILY, set_on
from procurement.tariffs.engine.model import Work as PricedWork
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.queries import published_sets
from volunteers.assignments.rules import Compensation
from volunteers.dispatch.scenarios.costs import Work


class CostLine(msgspec.Struct, frozen=True):
    """So many visits of one price."""

    visits: int
    each_fen: int
    unit: str
    count: int
    label_zh: str
    label_en: str


class Cost(msgspec.Struct, frozen=True):
    """What all of it comes to; visits without pay, and those of a day without a tariff, are counted apart."""

    fen: int = 0
    lines: tuple[CostLine, ...] = ()
    unpaid: int = 0
    unpriced: int = 0


async def priced_visits(works: Sequence[Work]) -> dict[str, Any]:
    """Return the cost of visits, as it is kept with the question."""
    sets = await published_sets(FAMILY)
    found: Counter[tuple[int, str, int, str, str]] = Counter()
    unpaid = unpriced = 0
    for work in works:
        chosen = set_on(sets, work.day)
        if work.compensation is not Compensation.SUBSIDY:
            unpaid += 1
        elif chosen is None:
            unpriced += 1
        else:
            asked = rules.priced_as(work.kind, work.minutes)
            result = price(chosen.tariff, PricedWork(item=asked.item, on=work.day, units={asked.unit: asked.count}))
            found[result.fen, asked.unit, asked.count, chosen.label_zh, chosen.label_en] += 1
    lines = tuple(CostLine(visits, *line) for line, visits in sorted(found.items()))
    total = sum(line.visits * line.each_fen for line in lines)
    kept: dict[str, Any] = msgspec.to_builtins(Cost(total, lines, unpaid, unpriced))
    return kept


async def cost_of_scenario(scenario: UUID) -> Cost | None:
    """Return what was reckoned when the question was asked."""
    text = await database.fetch_value("SELECT cost::text FROM dispatch_scenario WHERE public_id = $1", scenario)
    return database.decoded(text, Cost) if text and text != "{}" else None
