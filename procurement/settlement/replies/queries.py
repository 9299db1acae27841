"""The payments that a return file may speak of, accounts in the open: for matching, never shown or stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core import clock, database
from app.core.access import Permission, Principal
from procurement.settlement.bank_lines import lines_of
from procurement.settlement.replies.rules import Outcome, SentLine

_BATCHES = """
SELECT b.id, b.reference, b.paid_at FROM settlement_batch b JOIN place ON place.id = b.place_id
WHERE b.reference = ANY ($1) AND b.status = 'paid' AND place.code LIKE ANY ($2) ORDER BY b.id
"""
_SAID = """
SELECT pay.id, CASE WHEN r.id IS NOT NULL THEN 'returned' WHEN c.id IS NOT NULL THEN 'confirmed' END AS said
FROM settlement_payment pay LEFT JOIN bank_return r ON r.payment_id = pay.id
LEFT JOIN bank_confirmation c ON c.payment_id = pay.id WHERE pay.batch_id = $1 ORDER BY pay.id
"""


@dataclass(frozen=True, slots=True)
class SentBatch:
    """A paid batch with its lines by number."""

    reference: str
    lines: dict[int, SentLine]


async def sent_batches(principal: Principal, references: Iterable[str]) -> dict[str, SentBatch]:
    """Return paid batches of the cashier's places by reference."""
    patterns = principal.scope(Permission.SETTLEMENT_PAY).like_patterns()
    rows = await database.fetch(_BATCHES, sorted(set(references)), patterns)
    return {row["reference"]: SentBatch(row["reference"], await _lines(row)) for row in rows}


async def _lines(batch: database.Row) -> dict[int, SentLine]:
    paid_on = clock.local(batch["paid_at"]).date()
    said = await database.fetch(_SAID, batch["id"])
    sent = await lines_of(batch["id"])
    return {
        number: SentLine(
            batch["id"], row["id"], number, line.account_number, line.net_fen, paid_on,
            Outcome(row["said"]) if row["said"] else None,
        )
        for number, (row, line) in enumerate(zip(said, sent, strict=True), start=1)
    }  # fmt: skip
