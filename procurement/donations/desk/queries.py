"""Finance's view of gifts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database, vault
from app.core.access import Principal
from app.core.errors import NotFound
from procurement.donations.acknowledgements.rules import numbered
from procurement.donations.funds.queries import patterns
from procurement.donations.payments import DisputeState, PlanState
from procurement.donations.rules import GiftStatus, RefundStatus


@dataclass(frozen=True, slots=True)
class GiftRow:
    """A line of the list; refunded and disputed are what counts of both."""

    id: int
    reference: str
    fund_zh: str
    fund_en: str
    amount_minor: int
    currency: str
    status: GiftStatus
    started_at: datetime
    monthly: bool
    refunded_minor: int
    disputed: bool
    receipt: bool


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund with who asked and who decided."""

    public_id: UUID
    gift: str
    amount_minor: int
    currency: str
    reason: str
    status: RefundStatus
    proposer: str | None
    proposed_by: int | None
    proposed_at: datetime
    decider: str | None


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute."""

    amount_minor: int
    reason: str
    status: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class LetterView:
    """An acknowledgement."""

    number: str
    amount_minor: int
    issued_at: datetime
    void_reason: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A statutory receipt whose number is recorded."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class GiftDetail:
    """One gift with all that belongs to it; name and address are None where the donor gave none or had them erased."""

    row: GiftRow
    place_code: str
    name: str | None
    email: str | None
    plan: PlanState | None
    payment_id: str | None
    refunds: tuple[RefundView, ...]
    disputes: tuple[DisputeView, ...]
    letters: tuple[LetterView, ...]
    receipts: tuple[ReceiptView, ...]

    @property
    def left_minor(self) -> int:
        """Return what may still be given back."""
        taken = sum(
            one.amount_minor for one in self.refunds if one.status not in (RefundStatus.FAILED, RefundStatus.DECLINED)
        )
        taken += sum(one.amount_minor for one in self.disputes if one.status != DisputeState.WON)
        return max(0, self.row.amount_minor - taken) if self.row.status is GiftStatus.GIVEN else 0


_ROWS = """
SELECT gift.id, gift.reference, f.name_zh AS fund_zh, f.name_en AS fund_en, gift.amount_minor, gift.currency,
       gift.status, gift.started_at, gift.plan_id IS NOT NULL AS monthly,
       (SELECT coalesce(sum(r.amount_minor), 0) FROM gift_refund r
        WHERE r.gift_id = gift.id AND r.status = 'succeeded')::bigint AS refunded_minor,
       EXISTS (SELECT FROM gift_dispute d WHERE d.gift_id = gift.id AND d.status <> 'won') AS disputed,
       EXISTS (SELECT FROM statutory_receipt s WHERE s.gift_id = gift.id) AS receipt
"""
_FROM = """
FROM gift JOIN donation_fund f ON f.id = gift.fund_id JOIN place ON place.id = f.place_id
JOIN donor ON donor.id = gift.donor_id LEFT JOIN gift_plan p ON p.id = gift.plan_id
WHERE place.code LIKE ANY ($1)
"""
_REFUNDS = """
SELECT r.public_id, gift.reference AS gift, r.amount_minor, gift.currency, r.reason, r.status,
       asked.display_name AS proposer, r.proposed_by, r.proposed_at, decided.display_name AS decider
FROM gift_refund r JOIN gift ON gift.id = r.gift_id JOIN donation_fund f ON f.id = gift.fund_id
JOIN place ON place.id = f.place_id LEFT JOIN account asked ON asked.id = r.proposed_by
LEFT JOIN account decided ON decided.id = r.decided_by
"""


async def gifts(principal: Principal, before: int | None, fund: str, status: str, limit: int) -> list[GiftRow]:
    """Return gifts of an officer's places, the latest first."""
    rows = await database.fetch(
        f"""{_ROWS} {_FROM} AND ($2::bigint IS NULL OR gift.id < $2) AND ($3 = '' OR f.code = $3)
            AND ($4 = '' OR gift.status = $4) ORDER BY gift.id DESC LIMIT $5""",
        *(patterns(principal), before, fund, status, limit),
    )
    return [GiftRow(**{**row, "status": GiftStatus(row["status"])}) for row in rows]


async def refunds_waiting(principal: Principal) -> list[RefundView]:
    """Return the refunds that wait for a second person."""
    rows = await database.fetch(
        f"{_REFUNDS} WHERE place.code LIKE ANY ($1) AND r.status = 'proposed' ORDER BY r.id", patterns(principal)
    )
    return [_refund(row) for row in rows]


async def gift(principal: Principal, reference: str) -> GiftDetail:
    """Return one gift."""
    row = await database.fetch_one(
        f"""{_ROWS}, place.code AS place_code, donor.name_sealed, donor.email_sealed, donor.subject_key_id,
            p.status AS plan, gift.payment_id, f.code AS fund_code {_FROM} AND gift.reference = $2""",
        patterns(principal),
        reference,
    )
    if row is None:
        raise NotFound
    keys = await vault.subject_keys([row["subject_key_id"]])
    key = keys.get(row["subject_key_id"])
    listed = {name: row[name] for name in GiftRow.__slots__}
    return GiftDetail(
        GiftRow(**{**listed, "status": GiftStatus(row["status"])}),
        row["place_code"],
        key.open(row["name_sealed"]) if key and row["name_sealed"] else None,
        key.open(row["email_sealed"]) if key and row["email_sealed"] else None,
        PlanState(row["plan"]) if row["plan"] else None,
        row["payment_id"],
        tuple(_refund(one) for one in await database.fetch(f"{_REFUNDS} WHERE gift.id = $1 ORDER BY r.id", row["id"])),
        await _disputes(row["id"]),
        await _letters(row["id"], row["fund_code"]),
        await _receipts(row["id"]),
    )


async def _disputes(gift_id: int) -> tuple[DisputeView, ...]:
    rows = await database.fetch(
        "SELECT amount_minor, reason, status, opened_at FROM gift_dispute WHERE gift_id = $1 ORDER BY id", gift_id
    )
    return tuple(DisputeView(**row) for row in rows)


async def _letters(gift_id: int, fund_code: str) -> tuple[LetterView, ...]:
    rows = await database.fetch(
        """SELECT year, number, amount_minor, issued_at, void_reason FROM acknowledgement
           WHERE gift_id = $1 ORDER BY id""",
        gift_id,
    )
    return tuple(
        LetterView(
            numbered(fund_code, row["year"], row["number"]), row["amount_minor"], row["issued_at"], row["void_reason"]
        )
        for row in rows
    )


async def _receipts(gift_id: int) -> tuple[ReceiptView, ...]:
    rows = await database.fetch(
        "SELECT number, issued_on FROM statutory_receipt WHERE gift_id = $1 ORDER BY id", gift_id
    )
    return tuple(ReceiptView(**row) for row in rows)


def _refund(row: database.Row) -> RefundView:
    return RefundView(**{**row, "status": RefundStatus(row["status"])})
