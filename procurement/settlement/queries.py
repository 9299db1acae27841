"""Reading batches: what waits to be settled, the list, one batch with its payments, accounts masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.core import database, vault
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound, NotPermitted, NotSignedIn
from procurement.settlement.rules import BatchStatus

READERS = (
    Permission.SETTLEMENT_COMPUTE,
    Permission.SETTLEMENT_APPROVE,
    Permission.SETTLEMENT_PAY,
    Permission.LEDGER_READ,
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the list shows it."""

    id: int
    reference: str
    status: BatchStatus
    place_code: str
    place_zh: str
    place_en: str
    period_from: date
    period_to: date  # the first day that no longer belongs to it
    cap_fen: int | None
    total_fen: int
    payment_count: int
    claim_count: int
    computed_at: datetime
    computed_by: int
    approved_at: datetime | None
    approved_by: int | None
    paid_at: datetime | None
    paid_by: int | None

    @property
    def last_day(self) -> date:
        """Return the last day of the period."""
        return self.period_to - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with the names of its three people and the bank file that was handed over."""

    row: BatchRow
    place_id: int
    computed_name: str
    approved_name: str
    paid_name: str
    input_sha256: str
    file_sha256: str
    without_account: int
    returned: int
    returned_fen: int
    confirmed: int
    tax_fen: int
    unverified_tax: bool
    file_format: str
    unofficial_zh: str
    unofficial_en: str


class ItemView(msgspec.Struct, array_like=True, frozen=True):
    """One claim inside a payment."""

    claim: str
    service_day: date
    work_zh: str
    work_en: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReturnView:
    """Why, when and by which voucher the bank sent a payment back, and who recorded it."""

    reason: str
    returned_on: date
    document: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payee's payment, by its line of the bank's file; the account that it goes or went to only masked."""

    line: int
    payee: str
    bank_name: str
    account_masked: str
    amount_fen: int
    tax_fen: int
    status: str
    items: tuple[ItemView, ...]
    returned: ReturnView | None
    confirmed_on: date | None
    payee_id: UUID

    @property
    def net_fen(self) -> int:
        """Return what the payee receives."""
        return self.amount_fen - self.tax_fen


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Approved claims of a district that no batch holds yet, and how many more wait for their payee's account."""

    place_code: str
    place_zh: str
    place_en: str
    claims: int
    payees: int
    without_account: int
    total_fen: int
    first_day: date
    last_day: date
    returned: int


_ROW = """
b.id, b.reference, b.status, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
b.period_from, b.period_to, b.cap_fen, b.total_fen, b.payment_count, b.claim_count, b.computed_at, b.computed_by,
b.approved_at, b.approved_by, b.paid_at, b.paid_by
"""
_LIST = f"""
SELECT {_ROW} FROM settlement_batch b JOIN place ON place.id = b.place_id
WHERE place.code LIKE ANY ($1) AND ($2 = '' OR b.status = $2) AND ($3::text IS NULL OR b.reference < $3)
ORDER BY b.reference DESC LIMIT $4
"""
_PAGE = f"""
SELECT {_ROW}, b.place_id, computed.display_name AS computed_name, coalesce(approved.display_name, '') AS approved_name,
       coalesce(paid.display_name, '') AS paid_name, encode(b.input_sha256, 'hex') AS input_sha256,
       coalesce(encode(file.content_sha256, 'hex'), '') AS file_sha256,
       (SELECT count(*) FROM settlement_payment pay LEFT JOIN person p ON p.id = pay.person_id
        LEFT JOIN organization o ON o.id = pay.organization_id
        WHERE pay.batch_id = b.id
          AND coalesce(p.bank_account_sealed, o.bank_account_sealed) IS NULL) AS without_account,
       back.returned, back.returned_fen, back.confirmed, taxed.tax_fen, taxed.unverified AS unverified_tax,
       coalesce(file.format, '') AS file_format,
       coalesce(unofficial.label_zh, '') AS unofficial_zh, coalesce(unofficial.label_en, '') AS unofficial_en
FROM settlement_batch b JOIN place ON place.id = b.place_id JOIN account computed ON computed.id = b.computed_by
LEFT JOIN account approved ON approved.id = b.approved_by LEFT JOIN account paid ON paid.id = b.paid_by
LEFT JOIN bank_file file ON file.batch_id = b.id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.status = 'returned') AS returned,
           coalesce(sum(p.amount_fen) FILTER (WHERE p.status = 'returned'), 0)::bigint AS returned_fen,
           count(said.id) FILTER (WHERE p.status = 'paid') AS confirmed
    FROM settlement_payment p LEFT JOIN bank_confirmation said ON said.payment_id = p.id WHERE p.batch_id = b.id) back
CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.tax_fen), 0)::bigint AS tax_fen, coalesce(bool_or(w.unverified), false) AS unverified
    FROM settlement_payment p JOIN tax_withholding w ON w.payment_id = p.id WHERE p.batch_id = b.id) taxed
LEFT JOIN LATERAL (
    SELECT t.label_zh, t.label_en FROM settlement_item i JOIN claim c ON c.id = i.claim_id
    JOIN tariff_set t ON t.id = c.tariff_set_id WHERE i.batch_id = b.id AND t.label_zh <> '' LIMIT 1) unofficial ON true
WHERE b.reference = $1
"""
_PAYMENTS = """
SELECT coalesce(p.name, o.name_zh) AS payee,
       coalesce(nullif(pay.bank_name, ''), p.bank_name, o.bank_name) AS bank_name,
       coalesce(pay.account_sealed, p.bank_account_sealed, o.bank_account_sealed) AS sealed,
       r.reason_zh AS reason, r.returned_on, r.document, recorder.display_name AS recorded_by,
       coalesce(p.subject_key_id, o.subject_key_id) AS subject_key_id, pay.amount_fen, pay.status,
       coalesce(p.public_id, o.public_id) AS payee_id, said.confirmed_on,
       coalesce((SELECT sum(w.tax_fen) FROM tax_withholding w WHERE w.payment_id = pay.id), 0)::bigint AS tax_fen,
       (SELECT jsonb_agg(jsonb_build_array(c.reference, c.service_day,
                   coalesce(a.title_zh, ordered.title_zh, k.title_zh, e.title_zh, m.title_zh),
                   coalesce(a.title_en, ordered.title_en, k.title_en, e.title_en, m.title_en), i.amount_fen)
                   ORDER BY c.id)
        FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        LEFT JOIN sign_up s ON s.id = c.sign_up_id LEFT JOIN assignment a ON a.id = s.assignment_id
        LEFT JOIN closed_case k ON k.id = c.closed_case_id LEFT JOIN expense e ON e.id = c.expense_id
        LEFT JOIN mediator_post m ON m.id = c.mediator_post_id
        LEFT JOIN contract ON contract.id = c.contract_id
        LEFT JOIN product_version ordered
          ON ordered.product_id = contract.product_id AND ordered.number = contract.product_version
        WHERE i.payment_id = pay.id)::text AS items
FROM settlement_payment pay
LEFT JOIN person p ON p.id = pay.person_id LEFT JOIN organization o ON o.id = pay.organization_id
LEFT JOIN bank_return r ON r.payment_id = pay.id LEFT JOIN account recorder ON recorder.id = r.recorded_by
LEFT JOIN bank_confirmation said ON said.payment_id = pay.id
WHERE pay.batch_id = $1 ORDER BY pay.id OFFSET $2 LIMIT $3
"""
CORRECT = "c.bar IS DISTINCT FROM 'account_returned'"
_UNSETTLED = f"""
SELECT district.code AS place_code, district.name_zh AS place_zh, district.name_en AS place_en,
       count(*) FILTER (WHERE {CORRECT}) AS claims, count(*) FILTER (WHERE NOT {CORRECT}) AS returned,
       count(DISTINCT (c.person_id, c.organization_id)) FILTER (WHERE {CORRECT}) AS payees,
       count(DISTINCT (c.person_id, c.organization_id))
           FILTER (WHERE coalesce(p.bank_account_sealed, o.bank_account_sealed) IS NULL) AS without_account,
       coalesce(sum(c.amount_fen) FILTER (WHERE {CORRECT}), 0)::bigint AS total_fen,
       min(c.service_day) AS first_day, max(c.service_day) AS last_day
FROM waiting_claim c JOIN place district ON district.code = left(c.place_code, 6)
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN organization o ON o.id = c.organization_id
WHERE c.amount_fen > 0 AND c.place_code LIKE ANY ($1) AND c.place_code LIKE $2 || '%'
  AND ($3::date IS NULL OR c.service_day >= $3) AND ($4::date IS NULL OR c.service_day < $4)
GROUP BY district.id ORDER BY district.code
"""


def reading_scope(principal: Principal) -> Scope:
    """Return where the person may look at batches, over all the permissions that let them."""
    held = [principal.scope(permission) for permission in READERS if principal.can(permission)]
    if not held:
        raise NotPermitted if principal.signed_in else NotSignedIn
    return Scope(place_codes=tuple(sorted({code for scope in held for code in scope.place_codes})))


async def batches(principal: Principal, status: str, after: str | None, size: int) -> list[BatchRow]:
    """Return up to ``size`` batches below a reference, newest first."""
    patterns = reading_scope(principal).like_patterns()
    return [_row(row) for row in await database.fetch(_LIST, patterns, status, after, size)]


async def batch_page(principal: Principal, reference: str) -> BatchPage:
    """Return one batch of the person's places."""
    row = await database.fetch_one(_PAGE, reference)
    if row is None or not reading_scope(principal).covers_place(row["place_code"]):
        raise NotFound
    named = {name: row[name] for name in BatchPage.__slots__ if name != "row"}
    return BatchPage(row=_row(row), **named)


async def payments(batch: BatchPage, offset: int, size: int) -> list[PaymentRow]:
    """Return payments of a batch that ``batch_page`` gave out, in the order of the bank's file, with their claims."""
    rows = await database.fetch(_PAYMENTS, batch.row.id, offset, size)
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    return [_payment(line, row, keys) for line, row in enumerate(rows, offset + 1)]


async def unsettled(
    principal: Principal, place_code: str = "", period_from: date | None = None, period_to: date | None = None
) -> list[Unsettled]:
    """Return what a run would put into a batch, by district; days up to but without ``period_to``."""
    patterns = principal.scope(Permission.SETTLEMENT_COMPUTE).like_patterns()
    rows = await database.fetch(_UNSETTLED, patterns, place_code, period_from, period_to)
    return [Unsettled(**row) for row in rows]


async def waiting_batches(principal: Principal, permission: Permission, status: BatchStatus) -> Sequence[BatchRow]:
    """Return the oldest batches in a state that wait for somebody with the permission who took no part yet."""
    rows = await database.fetch(
        f"""SELECT {_ROW} FROM settlement_batch b JOIN place ON place.id = b.place_id
            WHERE b.status = $2 AND place.code LIKE ANY ($1) AND b.computed_by <> $3
              AND b.approved_by IS DISTINCT FROM $3 ORDER BY b.id LIMIT 5""",
        principal.scope(permission).like_patterns(),
        status.value,
        principal.actor,
    )
    return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> BatchRow:
    stated = {name: row[name] for name in BatchRow.__slots__}
    return BatchRow(**{**stated, "status": BatchStatus(row["status"])})


def _payment(line: int, row: dict[str, Any], keys: dict[int, vault.SubjectKey]) -> PaymentRow:
    key = keys.get(row["subject_key_id"])
    account = vault.masked(key.open(row["sealed"]), 4, 4) if key and row["sealed"] else ""
    items = tuple(database.decoded(row["items"], list[ItemView]))
    stated = {name: row[name] for name in ReturnView.__slots__}
    returned = ReturnView(**stated) if row["returned_on"] else None
    return PaymentRow(
        line, row["payee"], row["bank_name"], account, row["amount_fen"], row["tax_fen"], row["status"], items,
        returned, row["confirmed_on"], row["payee_id"],
    )  # fmt: skip
