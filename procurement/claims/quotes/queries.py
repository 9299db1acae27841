"""Quoting work that is still to be done: the planned minutes, priced by the tariff published for its day."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import database
from procurement.claims import rules
from procurement.claims.pricing import FAMILY, set_on
from procurement.tariffs.engine.model import Result, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.queries import PublishedSet, published_sets


@dataclass(frozen=True, slots=True)
class Quote:
    """What an assignment pays if it lasts as planned, and what the amount stands on."""

    assignment_id: int
    fen: int
    unit: str
    count: int
    label_zh: str
    label_en: str


_PLANNED = """
SELECT id, kind, (extract(epoch FROM ends - starts) / 60)::integer AS minutes,
       (starts AT TIME ZONE 'Asia/Shanghai')::date AS day
FROM assignment WHERE id = ANY ($1) AND compensation = 'subsidy'
"""


async def quotes(assignment_ids: Sequence[int]) -> dict[int, Quote]:
    """Return what assignments pay, by id; unpaid ones and those of a day without a tariff are left out."""
    planned = await database.fetch(_PLANNED, list(assignment_ids))
    if not planned:
        return {}
    sets = await published_sets(FAMILY)
    found = (_quote(row, sets) for row in planned)
    return {quote.assignment_id: quote for quote in found if quote is not None}


def _quote(row: database.Row, sets: Sequence[PublishedSet]) -> Quote | None:
    chosen = set_on(sets, row["day"])
    if chosen is None:
        return None
    asked = rules.priced_as(row["kind"], row["minutes"])
    result: Result = price(chosen.tariff, Work(item=asked.item, on=row["day"], units={asked.unit: asked.count}))
    return Quote(row["id"], result.fen, asked.unit, asked.count, chosen.label_zh, chosen.label_en)
