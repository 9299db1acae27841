"""Reading contracts: those published to everybody, those of a provider, one with its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from procurement import law
from procurement.blocks import Block
from procurement.contracts import rules
from procurement.purchases.rules import PurchaseStatus
from procurement.reading import BUYERS


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do about a contract: for its buyer, for its provider, as the buyer's second person."""

    party: bool
    buyer: bool
    provider: bool
    approver: bool


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract as lists and its page show it; who signed is told by role, never by name."""

    id: int
    reference: str
    status: PurchaseStatus
    purchase_reference: str
    approved_at: datetime
    title_zh: str
    title_en: str
    product_reference: str
    product_version: int
    organization_id: int
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    place_code: str
    place_zh: str
    place_en: str
    unit: str
    quantity: int
    unit_price_fen: int
    ordered: int
    accepted: int
    starts_on: date
    ends_on: date
    body_zh: str
    text_sha256: bytes
    offered_at: datetime
    signed_at: datetime | None
    added: int  # by amendments in force
    terminated_at: datetime | None
    held_since: datetime | None  # while a challenge or finance's suspension holds it
    held_until: date | None

    @property
    def units(self) -> int:
        """Return how many units may be ordered, amendments included."""
        return self.quantity + self.added

    @property
    def amount_fen(self) -> int:
        """Return the contract's whole price, amendments included."""
        return self.units * self.unit_price_fen


_CONTRACT = """
SELECT c.id, c.reference, p.status, p.reference AS purchase_reference, p.approved_at, v.title_zh, v.title_en,
       product.reference AS product_reference, c.product_version, c.organization_id,
       o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, v.unit, c.quantity,
       c.unit_price_fen, c.ordered, c.accepted, c.starts_on, c.ends_on, c.body_zh, c.text_sha256, c.offered_at,
       c.signed_at, c.added, c.terminated_at, held.since AS held_since, held.until AS held_until
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN organization o ON o.id = c.organization_id JOIN product ON product.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
LEFT JOIN LATERAL (SELECT p.challenged_at AS since, p.held_until AS until
                   WHERE p.challenged_at IS NOT NULL AND purchase_is_held(p.id)) AS held ON true
"""


def standing(principal: Principal, view: ContractView) -> Standing:
    """Tell on which side of a contract a person stands."""

    def covers(permission: Permission, of: str) -> bool:
        scope = principal.scopes.get(permission)
        if scope is None:
            return False
        return scope.covers_place(view.place_code) if of == "place" else scope.covers_organization(view.organization_id)

    return Standing(
        party=is_party(principal, view.place_code, view.organization_id),
        buyer=covers(Permission.CONTRACT_SIGN, "place"),
        provider=covers(Permission.CONTRACT_SIGN, "organization"),
        approver=covers(Permission.PURCHASE_APPROVE, "place"),
    )


async def published(place: str = "", after: int | None = None, limit: int = 51) -> list[ContractView]:
    """Return signed contracts, public by 条例 §50, the newest first."""
    rows = await database.fetch(
        f"""{_CONTRACT} WHERE c.signed_at IS NOT NULL AND starts_with(place.code, $1)
            AND ($2::bigint IS NULL OR c.id < $2) ORDER BY c.id DESC LIMIT $3""",
        place,
        after,
        limit,
    )
    return [_view(row) for row in rows]


async def of_provider(principal: Principal) -> list[ContractView]:
    """Return the contracts of the person's organizations: those that wait for a signature first."""
    scope = principal.scope(Permission.ORDER_ANSWER)
    rows = await database.fetch(
        f"""{_CONTRACT} WHERE c.organization_id = ANY($1)
            ORDER BY (p.status = 'ordered') DESC, c.id DESC LIMIT 200""",
        list(scope.organization_ids),
    )
    return [_view(row) for row in rows]


async def contract(principal: Principal, reference: str) -> ContractView:
    """Return one contract: a signed one to everybody, an offered one to its two parties."""
    row = await database.fetch_one(f"{_CONTRACT} WHERE c.reference = $1", reference)
    if row is None or not (row["signed_at"] or is_party(principal, row["place_code"], row["organization_id"])):
        raise NotFound
    return _view(row)


async def contract_ids(references: Sequence[str]) -> list[int]:
    """Return the rows behind references, in the order given."""
    rows = await database.fetch("SELECT id, reference FROM contract WHERE reference = ANY($1)", list(references))
    found = {row["reference"]: int(row["id"]) for row in rows}
    if not references or any(reference not in found for reference in references):
        raise NotFound
    return [found[reference] for reference in references]


async def signing_blocks(view: ContractView) -> list[Block]:
    """Name what keeps a contract from being signed today."""
    today = clock.today()
    figure = await law.figure(law.SIGNING, today, view.place_code)
    approved_on = clock.local(view.approved_at).date()
    held = await database.fetch_value(
        "SELECT purchase_days_held(purchase_id, $2, $3) FROM contract WHERE id = $1", *(view.id, approved_on, today)
    )
    [last_day] = await law.last_days(figure, [approved_on + timedelta(days=held)])
    return rules.signing_blocks(last_day, figure, today)


def is_party(principal: Principal, place_code: str, organization_id: int) -> bool:
    """Tell whether the person reads the contract for its buyer or its provider."""
    for permission in (Permission.CONTRACT_SIGN, *BUYERS):
        scope = principal.scopes.get(permission)
        if scope and (scope.covers_place(place_code) or scope.covers_organization(organization_id)):
            return True
    return False


def _view(row: Row) -> ContractView:
    return ContractView(**{**row, "status": PurchaseStatus(row["status"])})
