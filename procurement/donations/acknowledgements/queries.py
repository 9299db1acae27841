"""What a donor's private page shows: the gift, its acknowledgements, what went back, and the receipt's number."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database, vault
from app.core.errors import NotFound
from procurement.donations.acknowledgements.rules import numbered
from procurement.donations.payments import PlanState
from procurement.donations.rules import GiftStatus


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One acknowledgement; ``void_reason`` is empty while it counts."""

    number: str
    amount_minor: int
    issued_at: datetime
    void_reason: str


@dataclass(frozen=True, slots=True)
class GivenGift:
    """A gift as its donor sees it; the name is None for an anonymous gift."""

    id: int
    public_id: UUID
    reference: str
    status: GiftStatus
    amount_minor: int
    currency: str
    started_at: datetime
    given_at: datetime | None
    checkout_id: str | None
    fund_code: str
    fund_zh: str
    fund_en: str
    owner_zh: str
    owner_en: str
    name: str | None
    refunded_minor: int
    plan: PlanState | None
    receipt: str | None
    receipt_on: date | None
    acknowledgements: tuple[Acknowledgement, ...]

    @property
    def counting(self) -> Acknowledgement | None:
        """Return the acknowledgement that counts."""
        return next((one for one in self.acknowledgements if not one.void_reason), None)


_GIFT = """
SELECT gift.id, gift.public_id, gift.reference, gift.status, gift.amount_minor, gift.currency, gift.started_at,
       gift.given_at, gift.checkout_id, f.code AS fund_code, f.name_zh AS fund_zh, f.name_en AS fund_en,
       o.name_zh AS owner_zh, o.name_en AS owner_en, donor.name_sealed, donor.subject_key_id, p.status AS plan,
       receipt.number AS receipt, receipt.issued_on AS receipt_on,
       (SELECT coalesce(sum(amount_minor), 0) FROM gift_refund r
        WHERE r.gift_id = gift.id AND r.status = 'succeeded')::bigint AS refunded_minor
FROM gift JOIN donation_fund f ON f.id = gift.fund_id JOIN organization o ON o.id = f.organization_id
JOIN donor ON donor.id = gift.donor_id LEFT JOIN gift_plan p ON p.id = gift.plan_id
LEFT JOIN LATERAL (SELECT number, issued_on FROM statutory_receipt s WHERE s.gift_id = gift.id
                   ORDER BY s.id DESC LIMIT 1) AS receipt ON true
WHERE gift.public_id = $1
"""


async def given_gift(public_id: UUID) -> GivenGift:
    """Return a gift for its private page."""
    row = await database.fetch_one(_GIFT, public_id)
    if row is None:
        raise NotFound
    sealed, key_id = row.pop("name_sealed"), row.pop("subject_key_id")
    keys = await vault.subject_keys([key_id]) if sealed else {}
    rows = await database.fetch(
        """SELECT year, number, amount_minor, issued_at, void_reason FROM acknowledgement
           WHERE gift_id = $1 ORDER BY id""",
        row["id"],
    )
    letters = tuple(
        Acknowledgement(
            numbered(row["fund_code"], one["year"], one["number"]), one["amount_minor"], one["issued_at"],
            one["void_reason"],
        )
        for one in rows
    )  # fmt: skip
    return GivenGift(**{
        **row,
        "status": GiftStatus(row["status"]),
        "plan": PlanState(row["plan"]) if row["plan"] else None,
        "name": keys[key_id].open(sealed) if key_id in keys else None,
        "acknowledgements": letters,
    })  # fmt: skip
