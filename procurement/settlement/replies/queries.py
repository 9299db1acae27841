"""The payments that a return file may speak of, accounts in the open: for matching, never shown or stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

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


ANSWER_DAYS = 5
"""A bank answers on the day or the next; after five days a weekend is over, and somebody should ask."""
_UNANSWERED = """
SELECT b.reference AS batch, place.name_zh AS place_zh, place.name_en AS place_en, hangzhou_day(b.paid_at) AS paid_on,
       count(*) AS payments, sum(p.amount_fen)::bigint AS total_fen
FROM settlement_batch b JOIN place ON place.id = b.place_id JOIN settlement_payment p ON p.batch_id = b.id
WHERE b.status = 'paid' AND p.status = 'paid' AND place.code LIKE ANY ($1)
  AND hangzhou_day(b.paid_at) <= $2::date - $3::integer
  AND NOT EXISTS (SELECT FROM bank_confirmation c WHERE c.payment_id = p.id)
GROUP BY b.id, place.id ORDER BY b.paid_at LIMIT $4
"""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A batch with payments of which the bank has said nothing; gross, in fen."""

    batch: str
    place_zh: str
    place_en: str
    paid_on: date
    payments: int
    total_fen: int


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


async def unanswered(principal: Principal) -> Sequence[Unanswered]:
    """Return the batches of the cashier's places that the bank should have answered, the oldest first."""
    patterns = principal.scope(Permission.SETTLEMENT_PAY).like_patterns()
    rows = await database.fetch(_UNANSWERED, patterns, clock.today(), ANSWER_DAYS, SHOWN)
    return [Unanswered(**row) for row in rows]


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
