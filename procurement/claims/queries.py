"""Reading claims: the row that every list shows, and one claim with everything that explains it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core import database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from procurement.claims.rules import ClaimStatus
from procurement.tariffs.engine.model import Step

READERS = (
    Permission.CLAIM_APPROVE,
    Permission.SETTLEMENT_COMPUTE,
    Permission.SETTLEMENT_APPROVE,
    Permission.SETTLEMENT_PAY,
    Permission.LEDGER_READ,
)
"""Officers who may open a claim of a place they answer for."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as a list shows it; ``label`` says what the tariff behind its amount is, e.g. that it is unofficial."""

    id: int
    reference: str
    status: ClaimStatus
    item: str
    service_day: date
    amount_fen: int
    reason: str
    payee_zh: str
    payee_en: str
    programme_zh: str
    programme_en: str
    work_zh: str
    work_en: str
    district_zh: str
    district_en: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class District:
    """A district to choose from."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Where a claim's money is: its batch and how far that is."""

    batch: str
    status: str
    computed_at: datetime
    approved_at: datetime | None
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim: the work, how its amount came about, what happened and what the reader may do."""

    row: ClaimRow
    accrued_at: datetime
    approved_at: datetime | None
    approver: str
    reached_at: datetime | None  # when it came to its present status, as far as the audit tells
    place_code: str
    steps: tuple[Step, ...]
    missing_documents: tuple[str, ...]
    tariff_sha256: str
    assignment: str | None
    sign_up_id: int | None
    order: str | None
    minutes: int | None
    payment: Payment | None
    of_contract: bool
    own: bool
    may_judge: bool


ROW_COLUMNS = """
c.id, c.reference, c.status, c.item, c.service_day, c.amount_fen, c.reason,
coalesce(p.name, o.name_zh) AS payee_zh, coalesce(p.name, o.name_en) AS payee_en,
programme.name_zh AS programme_zh, programme.name_en AS programme_en,
coalesce(a.title_zh, ordered.title_zh, k.title_zh, e.title_zh, m.title_zh) AS work_zh,
coalesce(a.title_en, ordered.title_en, k.title_en, e.title_en, m.title_en) AS work_en,
district.name_zh AS district_zh, district.name_en AS district_en,
coalesce(t.label_zh, '') AS label_zh, coalesce(t.label_en, '') AS label_en
"""
ROW_SOURCE = """
claim c
JOIN programme ON programme.id = c.programme_id
JOIN place ON place.id = c.place_id
JOIN place district ON district.code = left(place.code, 6)
LEFT JOIN person p ON p.id = c.person_id
LEFT JOIN organization o ON o.id = c.organization_id
LEFT JOIN tariff_set t ON t.id = c.tariff_set_id
LEFT JOIN sign_up s ON s.id = c.sign_up_id
LEFT JOIN assignment a ON a.id = s.assignment_id
LEFT JOIN closed_case k ON k.id = c.closed_case_id
LEFT JOIN expense e ON e.id = c.expense_id
LEFT JOIN mediator_post m ON m.id = c.mediator_post_id
LEFT JOIN village_order v ON v.id = c.village_order_id
LEFT JOIN contract ON contract.id = c.contract_id
LEFT JOIN product_version ordered
  ON ordered.product_id = contract.product_id AND ordered.number = contract.product_version
"""
PAYMENT_COLUMNS = """
b.reference AS batch, b.status AS batch_status, b.computed_at AS batch_computed_at,
b.approved_at AS batch_approved_at, b.paid_at AS batch_paid_at
"""
PAYMENT_SOURCE = """
LEFT JOIN settlement_item i ON i.claim_id = c.id AND i.live
LEFT JOIN settlement_batch b ON b.id = i.batch_id
"""
_PAGE = f"""
SELECT {ROW_COLUMNS}, {PAYMENT_COLUMNS}, c.accrued_at, c.approved_at, coalesce(judge.display_name, '') AS approver,
       place.code AS place_code, c.trace::text AS trace, c.missing_documents, c.organization_id, c.contract_id,
       encode(t.body_sha256, 'hex') AS tariff_sha256, a.reference AS assignment, c.sign_up_id,
       v.reference AS order_reference,
       coalesce(attendance.minutes, v.minutes) AS minutes, p.account_id AS payee_account,
       (SELECT max(event.occurred_at) FROM audit_event event WHERE event.object_type = 'claim'
          AND event.object_id = c.id AND (event.action = 'claim.' || c.status
               OR (c.status, event.action) IN (('rejected', 'claim.approval_withdrawn'), ('paid', 'claim.repaid'))))
              AS reached_at
FROM {ROW_SOURCE} {PAYMENT_SOURCE}
LEFT JOIN account judge ON judge.id = c.approved_by
LEFT JOIN attendance ON attendance.sign_up_id = s.id
WHERE c.reference = $1
"""


async def claim_page(principal: Principal, reference: str) -> ClaimPage:
    """Return a claim to its payee or to an officer of its place; to others it does not exist."""
    row = await database.fetch_one(_PAGE, reference)
    if row is None:
        raise NotFound
    own = is_own(principal, row["payee_account"], row["organization_id"])
    if not own and not _reads(principal, row["place_code"], *READERS):
        raise NotFound
    return ClaimPage(
        row=claim_row(row),
        accrued_at=row["accrued_at"],
        approved_at=row["approved_at"],
        approver=row["approver"],
        reached_at=row["reached_at"],
        place_code=row["place_code"],
        steps=steps_of(row["trace"]),
        missing_documents=tuple(row["missing_documents"]),
        tariff_sha256=row["tariff_sha256"] or "",
        assignment=row["assignment"],
        sign_up_id=row["sign_up_id"],
        order=row["order_reference"],
        minutes=row["minutes"],
        payment=payment_of(row),
        of_contract=row["contract_id"] is not None,
        own=own,
        may_judge=not own and _reads(principal, row["place_code"], Permission.CLAIM_APPROVE),
    )


def is_own(principal: Principal, payee_account: int | None, organization_id: int | None) -> bool:
    """Tell whether the claim is the reader's own, or that of an organization they act for."""
    if not principal.can(Permission.CLAIM_SELF):
        return False
    if organization_id is not None:
        return principal.scope(Permission.CLAIM_SELF).covers_organization(organization_id)
    return payee_account == principal.account_id


def _reads(principal: Principal, place_code: str, *permissions: Permission) -> bool:
    return any(principal.can(one) and principal.scope(one).covers_place(place_code) for one in permissions)


def claim_row(row: dict[str, Any]) -> ClaimRow:
    """Return the view of a selected row, which may hold more columns."""
    stated = {name: row[name] for name in ClaimRow.__slots__}
    return ClaimRow(**{**stated, "status": ClaimStatus(row["status"])})


def payment_of(row: dict[str, Any]) -> Payment | None:
    """Return the batch that a claim is in, if any."""
    if row["batch"] is None:
        return None
    return Payment(
        row["batch"], row["batch_status"], row["batch_computed_at"], row["batch_approved_at"], row["batch_paid_at"]
    )


def steps_of(trace: str) -> tuple[Step, ...]:
    """Read a stored trace."""
    return tuple(database.decoded(trace, list[Step]))


async def districts_of(scope: Scope) -> list[District]:
    """Return the districts that an officer's scope covers wholly or in part."""
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place WHERE level = 'district'
           AND EXISTS (SELECT FROM unnest($1::text[]) AS covered (code)
                       WHERE place.code LIKE covered.code || '%' OR covered.code LIKE place.code || '%')
           ORDER BY code""",
        list(scope.place_codes),
    )
    return [District(**row) for row in rows]
