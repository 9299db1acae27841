"""A tender's file: the recorded steps read in their order, a step judged against them, one more written."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.core import audit, calendar, clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import DomainError
from app.core.text import N_
from procurement.blocks import Block
from procurement.purchases.tenders import rules
from procurement.purchases.tenders.facts import FACTS, Step, StepKind, TenderFile, day_of, read_facts
from procurement.purchases.tenders.figures import figures_on
from procurement.separation import OnePerson


class StepAhead(DomainError):
    """What has not happened yet is not recorded."""

    code, status, message = "step_ahead", 422, N_("不能登记还没有发生的步骤。请核对时间。")


class StepOutOfOrder(DomainError):
    """Steps are recorded in the order in which they happened."""

    code, status, message = "step_out_of_order", 422, N_("这一步的时间早于已经登记的步骤。请核对时间。")


async def file_of(purchase_id: int) -> TenderFile:
    """Return a purchase's steps in their order."""
    rows = await database.fetch(
        """SELECT kind, happened_at, number, url, sha256, detail::text AS detail FROM purchase_step
           WHERE purchase_id = $1 ORDER BY id""",
        purchase_id,
    )
    return TenderFile(tuple(_step(row) for row in rows))


async def blocks_of(row: Row, step: Step) -> list[Block]:
    """Name what the law of the step's day has against it."""
    figures = await figures_on([day_of(step)], row["place_code"])
    days = await calendar.load_calendar()
    return rules.judge(step, await file_of(row["id"]), figures[day_of(step)], days)


async def write_step(principal: Principal, purchase_id: int, step: Step) -> int:
    """Record a step that nothing stands against; return its row."""
    if not isinstance(step.facts, FACTS[step.kind]):
        raise TypeError(f"{step.kind} is recorded with other facts")
    values: Sequence[Any] = (
        purchase_id, step.kind.value, step.at, step.number, step.url, step.sha256,
        msgspec.json.encode(step.facts).decode(), principal.actor, clock.now(),
    )  # fmt: skip
    async with database.refusing(_REFUSALS):
        step_id: int = await database.fetch_value(_INSERT, *values)
    await audit.record(principal, f"purchase_step.{step.kind.value}", "purchase", purchase_id, step=step_id)
    return step_id


def _step(row: Row) -> Step:
    kind = StepKind(row["kind"])
    facts = read_facts(kind, row["detail"])
    return Step(kind, row["happened_at"], facts, row["number"], row["url"], row["sha256"])


_REFUSALS: dict[str, type[DomainError]] = {
    "purchase_step_second_person": OnePerson,
    "purchase_step_in_order": StepOutOfOrder,
    "purchase_step_not_ahead": StepAhead,
}
_INSERT = """
INSERT INTO purchase_step (purchase_id, kind, happened_at, number, url, sha256, detail, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9) RETURNING id
"""
