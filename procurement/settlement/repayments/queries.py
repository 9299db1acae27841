"""Reading deductions that are open: whose, since when, whether money for them was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.claims.rules import ClaimStatus
from procurement.settlement.queries import reading_scope
from procurement.settlement.repayments.rules import RepaymentStatus


@dataclass(frozen=True, slots=True)
class Repayment:
    """What a bank statement was said to say, by whom, and what became of it."""

    status: RepaymentStatus
    received_on: date
    document: str
    recorded_by: int
    recorder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deduction:
    """A deduction with its payee; ``days`` since it was approved, ``batch`` where one holds or settled it."""

    reference: str
    status: ClaimStatus
    payee_id: UUID
    payee: str
    payee_account: int | None
    work_zh: str
    work_en: str
    place_zh: str
    place_en: str
    owed_fen: int
    days: int
    batch: str | None
    repayment: Repayment | None


_ROW = """
SELECT c.reference, c.status, p.public_id AS payee_id, p.name AS payee, p.account_id AS payee_account,
       k.title_zh AS work_zh, k.title_en AS work_en, district.name_zh AS place_zh, district.name_en AS place_en,
       -c.amount_fen AS owed_fen, coalesce($2::date - hangzhou_day(c.approved_at), 0) AS days, b.reference AS batch,
       r.status AS repayment_status, r.received_on, r.document, r.recorded_by, r.reason,
       recorder.display_name AS recorder
FROM claim c JOIN person p ON p.id = c.person_id JOIN closed_case k ON k.id = c.closed_case_id
JOIN place ON place.id = c.place_id JOIN place district ON district.code = left(place.code, 6)
LEFT JOIN settlement_item i ON i.claim_id = c.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
LEFT JOIN LATERAL (SELECT * FROM deduction_repayment x WHERE x.claim_id = c.id ORDER BY x.id DESC LIMIT 1) AS r ON true
LEFT JOIN account recorder ON recorder.id = r.recorded_by
WHERE c.part = 'deduction' AND place.code LIKE ANY ($1)
"""
SHOWN = 200


async def open_deductions(principal: Principal) -> Sequence[Deduction]:
    """Return approved deductions of the officer's places that nothing settled, what is to be confirmed first; 200."""
    rows = await database.fetch(
        f"""{_ROW} AND c.status IN ('approved', 'returned_by_bank', 'batched')
            ORDER BY (r.status = 'recorded') IS TRUE DESC, c.approved_at, c.id LIMIT {SHOWN}""",
        *(reading_scope(principal).like_patterns(), clock.today()),
    )
    return [_deduction(row) for row in rows]


async def deduction(principal: Principal, reference: str) -> Deduction:
    """Return one deduction of the officer's places, settled or not."""
    row = await database.fetch_one(
        f"{_ROW} AND c.reference = $3", reading_scope(principal).like_patterns(), clock.today(), reference
    )
    if row is None:
        raise NotFound
    return _deduction(row)


async def to_confirm(principal: Principal) -> tuple[int, int]:
    """Return how many repayments wait for this person's confirmation, and their sum in fen."""
    row = await database.fetch_one(
        """SELECT count(*) AS repayments, coalesce(sum(r.amount_fen), 0)::bigint AS fen
           FROM deduction_repayment r JOIN claim c ON c.id = r.claim_id JOIN place ON place.id = c.place_id
           WHERE r.status = 'recorded' AND r.recorded_by <> $2 AND place.code LIKE ANY ($1)""",
        *(principal.scope(Permission.SETTLEMENT_APPROVE).like_patterns(), principal.actor),
    )
    return (row["repayments"], row["fen"]) if row else (0, 0)


def _deduction(row: database.Row) -> Deduction:
    told = {name: row.pop(name) for name in ("received_on", "document", "recorded_by", "recorder", "reason")}
    status = row.pop("repayment_status")
    repayment = Repayment(RepaymentStatus(status), **told) if status else None
    return Deduction(**{**row, "status": ClaimStatus(row["status"])}, repayment=repayment)
