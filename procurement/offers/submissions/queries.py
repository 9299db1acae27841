"""Reading what a supplier is invited to, with its own receipts and the result; never what others handed in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.purchases.rules import PurchaseStatus


class Outcome(StrEnum):
    """How an invitation stands for its supplier."""

    OPEN = "open"
    WAITING = "waiting"  # the deadline is over
    OPENED = "opened"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One upload of the supplier; without a hash it took the quotation back."""

    sha256: bytes | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as the invited supplier sees it."""

    id: int
    public_id: UUID
    reference: str
    organization_id: int
    organization_zh: str
    organization_en: str
    purpose_zh: str
    place_zh: str
    place_en: str
    category: Category
    unit: Unit
    quantity: int
    ceiling_fen: int
    starts_on: date
    ends_on: date
    deadline: datetime
    outcome: Outcome
    received_at: datetime | None  # of the last upload that counts
    sha256: bytes | None


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product that answers the request."""

    reference: str
    title_zh: str
    title_en: str


async def invitations(principal: Principal, after: int | None = None, limit: int = 51) -> list[InvitationView]:
    """Return the invitations of the person's organizations, the latest first."""
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    where = "i.organization_id = ANY($1) AND ($2::bigint IS NULL OR i.id < $2)"
    rows = await database.fetch(
        f"{_INVITATION} WHERE {where} ORDER BY i.id DESC LIMIT $3", list(scope.organization_ids), after, limit
    )
    return [_view(row) for row in rows]


async def invitation(principal: Principal, public_id: UUID) -> InvitationView:
    """Return one invitation of the person's organizations."""
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    row = await database.fetch_one(f"{_INVITATION} WHERE i.public_id = $1", public_id)
    if row is None or not scope.covers_organization(row["organization_id"]):
        raise NotFound
    return _view(row)


async def requirements(invitation_id: int) -> list[str]:
    """Return the lines that a supplier undertakes."""
    rows = await database.fetch(
        """SELECT d.text_zh FROM quotation_requirement d JOIN quotation_request q ON q.id = d.request_id
           JOIN quotation_round r ON r.purchase_id = q.purchase_id JOIN quotation_invitation i ON i.round_id = r.id
           WHERE i.id = $1 ORDER BY d.position""",
        invitation_id,
    )
    return [row["text_zh"] for row in rows]


async def receipts(invitation_id: int) -> list[ReceiptView]:
    """Return every upload to an invitation, the latest first."""
    rows = await database.fetch(
        """SELECT ciphertext_sha256 AS sha256, received_at FROM sealed_quotation WHERE invitation_id = $1
           ORDER BY id DESC LIMIT 50""",
        invitation_id,
    )
    return [ReceiptView(**row) for row in rows]


async def products_for(view: InvitationView) -> list[ProductChoice]:
    """Return the supplier's listed products of the category and unit that are asked for."""
    rows = await database.fetch(
        """SELECT product.reference, v.title_zh, v.title_en FROM product
           JOIN product_version v ON v.product_id = product.id AND v.number = product.listed_version
           WHERE product.organization_id = $1 AND product.status = 'listed' AND product.category = $2 AND v.unit = $3
           ORDER BY product.reference""",
        view.organization_id,
        view.category.value,
        view.unit.value,
    )
    return [ProductChoice(**row) for row in rows]


def _view(row: Row) -> InvitationView:
    kept: dict[str, Any] = {name: row[name] for name in InvitationView.__dataclass_fields__ if name != "outcome"}
    kept |= {"category": Category(row["category"]), "unit": Unit(row["unit"]), "outcome": _outcome(row)}
    return InvitationView(**kept)


def _outcome(row: Row) -> Outcome:
    status = PurchaseStatus(row["status"])
    if not row["latest"] or status in _GIVEN_UP:
        return Outcome.ENDED
    if status is PurchaseStatus.QUOTATIONS_SEALED:
        return Outcome.WAITING if row["over"] else Outcome.OPEN
    if status in (PurchaseStatus.OPENED, PurchaseStatus.COMPARED):
        return Outcome.OPENED
    return Outcome.CHOSEN if row["chosen"] else Outcome.NOT_CHOSEN


_GIVEN_UP = (PurchaseStatus.REFUSED, PurchaseStatus.CANCELLED)
_INVITATION = """
SELECT i.id, i.public_id, p.reference, i.organization_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
       p.purpose_zh, place.name_zh AS place_zh, place.name_en AS place_en, q.category, q.unit, p.quantity,
       q.ceiling_fen, q.starts_on, q.ends_on, r.deadline, p.status, clock_timestamp() >= r.deadline AS over,
       p.organization_id = i.organization_id AS chosen,
       NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number) AS latest,
       CASE WHEN last.ciphertext_sha256 IS NOT NULL THEN last.received_at END AS received_at,
       last.ciphertext_sha256 AS sha256
FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id JOIN purchase p ON p.id = r.purchase_id
JOIN quotation_request q ON q.purchase_id = p.id JOIN organization o ON o.id = i.organization_id
JOIN place ON place.id = p.place_id
LEFT JOIN LATERAL (SELECT s.ciphertext_sha256, s.received_at FROM sealed_quotation s WHERE s.invitation_id = i.id
                   ORDER BY s.id DESC LIMIT 1) AS last ON true
"""
