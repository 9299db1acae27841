"""Recording what the bank says of many payments, in the transaction of the file; and taking such a file in."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.text import N_
from app.imports import service as imports
from app.imports.reading import read_sheet
from app.imports.rules import Sheet
from app.imports.writing import written
from procurement.settlement.layouts.rules import ANSWER_NAMES, Layout
from procurement.settlement.payout import locked_batch
from procurement.settlement.replies import rules
from procurement.settlement.replies.names import CLOSING
from procurement.settlement.replies.rules import Outcome, Told
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import take_return

KIND, BATCH_HEADING = "bank-returns", N_("批次")
_CONFIRM = """
INSERT INTO bank_confirmation (payment_id, document, confirmed_on, recorded_by, recorded_at)
SELECT told.payment_id, told.document, told.day, $4, $5
FROM unnest($1::bigint[], $2::text[], $3::date[]) AS told (payment_id, document, day)
ON CONFLICT (payment_id) DO NOTHING
"""


async def take_file(
    principal: Principal, reference: str, layouts: Sequence[Layout], file_name: str, content: bytes
) -> UUID:
    """Take in a bank's return file on a batch: its own headings become ours, its closing line is left out."""
    principal.scope(Permission.SETTLEMENT_PAY)
    sheet = await asyncio.to_thread(read_sheet, content)
    anew = await asyncio.to_thread(_translated, sheet, reference, layouts)
    return await imports.begin(principal, KIND, file_name, anew)


def _translated(sheet: Sheet, reference: str, layouts: Sequence[Layout]) -> bytes:
    """Return the same rows under our headings, each still at its line of the bank's file."""
    ours = {theirs: ANSWER_NAMES[answer] for layout in layouts for answer, theirs in layout.answers.items()}
    header = rules.canonical(sheet.header, ours)
    lines: list[Sequence[str]] = []
    for row in sheet.rows:
        if row.cells and row.cells[0].strip().casefold() in CLOSING:
            continue
        while len(lines) < row.number - 2:
            lines.append(())
        lines.append((*row.cells, *[""] * (len(header) - len(row.cells)), reference))
    return written("csv", [*header, BATCH_HEADING], lines)


async def store_told(principal: Principal, told: Sequence[Told]) -> None:
    """Record confirmations and returns, batch by batch in id order; what was said before is left alone."""
    fresh = sorted((one for one in told if not one.repeated), key=attrgetter("batch_id", "line"))
    for batch_id, of_batch in groupby(fresh, key=attrgetter("batch_id")):
        await _store(principal, batch_id, list(of_batch))


async def _store(principal: Principal, batch_id: int, told: Sequence[Told]) -> None:
    batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY)
    confirmed = [one for one in told if one.outcome is Outcome.CONFIRMED]
    rows = [(one.payment_id, one.document, one.day) for one in confirmed]
    await database.execute(_CONFIRM, *database.columns(rows, 3), principal.actor, clock.now())
    if confirmed:
        await audit.record(principal, "settlement.confirmed", "settlement_batch", batch_id, lines=len(confirmed))
    for one in told:
        if one.outcome is Outcome.RETURNED:
            await take_return(principal, batch, BankReturn(one.line, one.reason, one.day, one.document))
