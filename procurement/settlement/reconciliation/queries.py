"""Reading how paid batches stand with the bank, and what of them is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock, database
from app.core.access import Principal
from app.core.errors import NotFound
from procurement.settlement.queries import reading_scope
from procurement.settlement.reconciliation.rules import Sums


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A paid batch with its sums."""

    id: int
    reference: str
    place_zh: str
    place_en: str
    paid_at: datetime
    payments: int
    unanswered: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A payment that is not settled with the bank: unanswered, or returned and not paid again."""

    batch: str
    line: int
    payee: str
    amount_fen: int
    since: date
    returned_on: date | None
    reason: str
    account_corrected: bool
    claim: str  # the first of its claims

    @property
    def days(self) -> int:
        """Return how long it has been open."""
        return (clock.today() - self.since).days


# What was returned is paid again when its claims have a live item in a batch that was paid.
_SUMS = """
SELECT b.id, b.reference, place.name_zh AS place_zh, place.name_en AS place_en, b.paid_at,
       b.payment_count AS payments, b.total_fen AS sent_fen, said.confirmed_fen, said.returned_fen, said.unanswered,
       coalesce(anew.fen, 0)::bigint AS again_fen, coalesce(cleared.fen, 0)::bigint AS clearing_fen
FROM settlement_batch b JOIN place ON place.id = b.place_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.amount_fen) FILTER (WHERE c.id IS NOT NULL AND r.id IS NULL), 0)::bigint AS confirmed_fen,
           coalesce(sum(p.amount_fen) FILTER (WHERE r.id IS NOT NULL), 0)::bigint AS returned_fen,
           count(*) FILTER (WHERE c.id IS NULL AND r.id IS NULL) AS unanswered
    FROM settlement_payment p LEFT JOIN bank_return r ON r.payment_id = p.id
    LEFT JOIN bank_confirmation c ON c.payment_id = p.id WHERE p.batch_id = b.id) AS said
LEFT JOIN LATERAL (
    SELECT sum(i.amount_fen) AS fen FROM settlement_item i JOIN bank_return r ON r.payment_id = i.payment_id
    WHERE i.batch_id = b.id AND EXISTS (
        SELECT FROM settlement_item later JOIN settlement_batch next ON next.id = later.batch_id
        WHERE later.claim_id = i.claim_id AND later.id > i.id AND next.status = 'paid')) AS anew ON true
LEFT JOIN LATERAL (
    SELECT sum(p.amount_fen) AS fen FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    WHERE a.code = 'clearing:batch:' || b.id) AS cleared ON true
WHERE b.status = 'paid' AND place.code LIKE ANY ($1)
"""
_OPEN = """
SELECT b.reference AS batch, p.line, coalesce(person.name, o.name_zh) AS payee, p.amount_fen, r.returned_on,
       coalesce(r.returned_on, hangzhou_day(b.paid_at)) AS since, coalesce(r.reason_zh, '') AS reason,
       r.id IS NOT NULL AND x.person_id IS NULL AS account_corrected,
       (SELECT min(claim.reference) FROM settlement_item i JOIN claim ON claim.id = i.claim_id
        WHERE i.payment_id = p.id) AS claim
FROM settlement_batch b JOIN place ON place.id = b.place_id
CROSS JOIN LATERAL (SELECT *, row_number() OVER (ORDER BY id) AS line FROM settlement_payment
                    WHERE batch_id = b.id) AS p
LEFT JOIN person ON person.id = p.person_id LEFT JOIN organization o ON o.id = p.organization_id
LEFT JOIN bank_return r ON r.payment_id = p.id LEFT JOIN bank_confirmation c ON c.payment_id = p.id
LEFT JOIN returned_account x
  ON (x.person_id, x.organization_id) = (coalesce(p.person_id, 0), coalesce(p.organization_id, 0))
WHERE b.status = 'paid' AND place.code LIKE ANY ($1) AND ($2::text IS NULL OR b.reference = $2)
  AND (r.id IS NULL AND c.id IS NULL OR r.id IS NOT NULL AND EXISTS (
        SELECT FROM settlement_item i WHERE i.payment_id = p.id AND NOT EXISTS (
            SELECT FROM settlement_item later JOIN settlement_batch next ON next.id = later.batch_id
            WHERE later.claim_id = i.claim_id AND later.id > i.id AND next.status = 'paid')))
ORDER BY since, b.reference, p.line
"""
SHOWN = 100


async def batches(principal: Principal, after: str | None, size: int) -> list[Reconciled]:
    """Return paid batches of the officer's places, the newest first, from below a reference on."""
    rows = await database.fetch(
        f"{_SUMS} AND ($2::text IS NULL OR b.reference < $2) ORDER BY b.reference DESC LIMIT $3",
        *(reading_scope(principal).like_patterns(), after, size),
    )
    return [_reconciled(row) for row in rows]


async def batch(principal: Principal, reference: str) -> Reconciled:
    """Return one paid batch."""
    row = await database.fetch_one(f"{_SUMS} AND b.reference = $2", reading_scope(principal).like_patterns(), reference)
    if row is None:
        raise NotFound
    return _reconciled(row)


async def open_lines(principal: Principal, reference: str | None = None) -> Sequence[OpenLine]:
    """Return what is open with the bank, the oldest first, of all batches or of one."""
    rows = await database.fetch(_OPEN, reading_scope(principal).like_patterns(), reference)
    return [OpenLine(**row) for row in rows]


def _reconciled(row: database.Row) -> Reconciled:
    sums = Sums(**{name: row.pop(name) for name in Sums.__slots__})
    return Reconciled(**row, sums=sums)
