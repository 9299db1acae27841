"""Reading a batch, and page by page the claims that its total is the sum of."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.reading import reading_scope
from procurement.settlement.rules import BatchStatus

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One claim of a batch, in the order of the bank's file."""

    payment_id: int
    claim_id: int
    bank_line: int
    payee_zh: str
    payee_en: str
    payment_fen: int
    claim: str
    amount_fen: int
    year: int
    line_place: str
    programme: str
    programme_zh: str
    programme_en: str
    returned_on: date | None
    return_reason: str | None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch with its bank file, and what of it came back."""

    id: int
    reference: str
    status: BatchStatus
    place_zh: str
    place_en: str
    period_from: date
    total_fen: int
    payment_count: int
    claim_count: int
    paid_at: datetime | None
    computed_by: str
    approved_by: str | None
    paid_by: str | None
    file_sha256: str | None
    file_lines: int | None
    file_fen: int | None
    returned: int
    returned_fen: int


_BATCH = """
SELECT b.id, b.reference, b.status, place.name_zh AS place_zh, place.name_en AS place_en, b.period_from, b.total_fen,
       b.payment_count, b.claim_count, b.paid_at, computed.display_name AS computed_by,
       approved.display_name AS approved_by, paid.display_name AS paid_by,
       encode(f.content_sha256, 'hex') AS file_sha256, f.line_count AS file_lines, f.total_fen AS file_fen,
       back.returned, back.returned_fen
FROM settlement_batch b JOIN place ON place.id = b.place_id JOIN account computed ON computed.id = b.computed_by
LEFT JOIN account approved ON approved.id = b.approved_by LEFT JOIN account paid ON paid.id = b.paid_by
LEFT JOIN bank_file f ON f.batch_id = b.id
CROSS JOIN LATERAL (
    SELECT count(*) AS returned, coalesce(sum(amount_fen), 0)::bigint AS returned_fen
    FROM settlement_payment WHERE batch_id = b.id AND status = 'returned') AS back
WHERE b.reference = $1 AND place.code LIKE ANY($2)
"""
_LINES = """
SELECT pay.id AS payment_id, claim.id AS claim_id, pay.bank_line, coalesce(person.name, org.name_zh) AS payee_zh,
       coalesce(person.name, nullif(org.name_en, ''), org.name_zh) AS payee_en, pay.amount_fen AS payment_fen,
       claim.reference AS claim, i.amount_fen, l.year, line_place.code AS line_place, programme.code AS programme,
       programme.name_zh AS programme_zh, programme.name_en AS programme_en, r.returned_on, r.reason_zh AS return_reason
FROM (SELECT *, row_number() OVER (ORDER BY id) AS bank_line FROM settlement_payment WHERE batch_id = $1) AS pay
JOIN settlement_item i ON i.payment_id = pay.id JOIN claim ON claim.id = i.claim_id
JOIN budget_line l ON l.id = claim.budget_line_id JOIN place line_place ON line_place.id = l.place_id
JOIN programme ON programme.id = l.programme_id
LEFT JOIN person ON person.id = pay.person_id LEFT JOIN organization org ON org.id = pay.organization_id
LEFT JOIN bank_return r ON r.payment_id = pay.id
WHERE $2::bigint IS NULL OR (pay.id, claim.id) > ($2, $3::bigint) ORDER BY pay.id, claim.id LIMIT $4
"""


async def batch(principal: Principal, reference: str) -> BatchPage:
    """Return one batch with its sums."""
    row = await database.fetch_one(_BATCH, reference, reading_scope(principal, READER).like_patterns())
    if row is None:
        raise NotFound
    return BatchPage(**{**row, "status": BatchStatus(row["status"])})


async def lines(batch_id: int, after: tuple[int, int] | None, limit: int) -> list[BatchLine]:
    """Return the claims that a batch is the sum of, from a place on; the page of the batch has checked who reads."""
    rows = await database.fetch(_LINES, batch_id, *(after or (None, None)), limit)
    return [BatchLine(**row) for row in rows]
