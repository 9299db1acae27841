"""Reading orders: a village's, a provider's, those to accept, one with all that happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.deliveries.rules import OrderStatus
from procurement.reading import BUYERS


@dataclass(frozen=True, slots=True)
class OrderView:
    """A village's order as lists and its page show it."""

    id: int
    reference: str
    status: OrderStatus
    contract_reference: str
    title_zh: str
    title_en: str
    unit: str
    unit_price_fen: int
    organization_id: int
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    place_code: str
    place_zh: str
    place_en: str
    town_zh: str
    town_en: str
    wished_start: datetime
    minutes: int
    note_zh: str
    placed_by: int
    placed_at: datetime
    answered_at: datetime | None
    reason: str
    answer_by: datetime | None
    refusal: str
    assignment_reference: str | None
    people: tuple[str, ...]  # who is coming, or came
    verdict: str | None
    people_reached: int | None
    rating: int | None
    opinion: str | None
    accepted_at: datetime | None
    involved: tuple[int, ...]  # accounts that handled, approved, ordered or delivered it


_ORDER = """
SELECT o.id, o.reference, o.status, c.reference AS contract_reference, v.title_zh, v.title_en, v.unit,
       c.unit_price_fen, c.organization_id, org.public_id AS organization_public_id, org.name_zh AS organization_zh,
       org.name_en AS organization_en, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, town.name_zh AS town_zh, town.name_en AS town_en, o.wished_start, o.minutes,
       o.note_zh, o.placed_by, o.placed_at, o.answered_at, o.reason, o.answer_by, o.refusal,
       a.reference AS assignment_reference,
       ARRAY(SELECT person.name FROM sign_up s JOIN person ON person.id = s.person_id
             WHERE s.assignment_id = o.assignment_id AND s.live ORDER BY s.id) AS people,
       t.verdict, t.people_reached, t.rating, t.opinion, t.accepted_at,
       array_remove(ARRAY[p.requested_by, p.approved_by, c.signed_by_buyer, c.signed_by_provider, o.placed_by,
                          o.answered_by], NULL)
       || ARRAY(SELECT handed_in_by FROM proof WHERE village_order_id = o.id
                UNION SELECT written_by FROM service_log WHERE village_order_id = o.id
                UNION SELECT decided_by FROM purchase_approval WHERE purchase_id = p.id
                UNION SELECT in_stead_of FROM purchase_approval WHERE purchase_id = p.id AND in_stead_of IS NOT NULL
                UNION SELECT person.account_id FROM sign_up s JOIN person ON person.id = s.person_id
                WHERE s.assignment_id = o.assignment_id AND s.live AND person.account_id IS NOT NULL) AS involved
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN organization org ON org.id = c.organization_id JOIN place ON place.id = o.place_id
JOIN place town ON town.id = place.parent_id LEFT JOIN assignment a ON a.id = o.assignment_id
LEFT JOIN acceptance t ON t.village_order_id = o.id
"""
_LISTED = "ORDER BY o.id DESC LIMIT"


async def of_villages(scope: Scope, after: int | None = None, limit: int = 51) -> list[OrderView]:
    """Return the orders of villages in scope, the newest first."""
    rows = await database.fetch(
        f"{_ORDER} WHERE place.code LIKE ANY($1) AND ($2::bigint IS NULL OR o.id < $2) {_LISTED} $3",
        scope.like_patterns(),
        after,
        limit,
    )
    return [_view(row) for row in rows]


async def to_answer(scope: Scope, limit: int = 200) -> list[OrderView]:
    """Return the orders that wait for a provider's word, the soonest first."""
    rows = await database.fetch(
        f"""{_ORDER} WHERE c.organization_id = ANY($1) AND o.status = 'placed'
            ORDER BY o.wished_start, o.id LIMIT $2""",
        list(scope.organization_ids),
        limit,
    )
    return [_view(row) for row in rows]


async def of_organizations(scope: Scope, after: int | None = None, limit: int = 51) -> list[OrderView]:
    """Return what a provider has answered, the newest first."""
    rows = await database.fetch(
        f"""{_ORDER} WHERE c.organization_id = ANY($1) AND o.status <> 'placed'
            AND ($2::bigint IS NULL OR o.id < $2) {_LISTED} $3""",
        list(scope.organization_ids),
        after,
        limit,
    )
    return [_view(row) for row in rows]


async def to_accept(scope: Scope, after: int | None = None, limit: int = 51) -> list[OrderView]:
    """Return delivered orders that wait for acceptance, the oldest first."""
    rows = await database.fetch(
        f"""{_ORDER} WHERE place.code LIKE ANY($1) AND o.status = 'delivered' AND ($2::bigint IS NULL OR o.id > $2)
            ORDER BY o.id LIMIT $3""",
        scope.like_patterns(),
        after,
        limit,
    )
    return [_view(row) for row in rows]


async def order(principal: Principal, reference: str) -> OrderView:
    """Return one order to its village, its provider, its acceptor and its buyer."""
    row = await database.fetch_one(f"{_ORDER} WHERE o.reference = $1", reference)
    if row is None or not _may_read(principal, row):
        raise NotFound
    return _view(row)


async def order_ids(references: list[str]) -> list[int]:
    """Return the rows behind references, in the order given."""
    rows = await database.fetch("SELECT id, reference FROM village_order WHERE reference = ANY($1)", references)
    found = {row["reference"]: int(row["id"]) for row in rows}
    if not references or any(reference not in found for reference in references):
        raise NotFound
    return [found[reference] for reference in references]


async def references_of(ids: Sequence[int]) -> list[str]:
    """Return the numbers that orders were given, in the order of the ids."""
    rows = await database.fetch("SELECT id, reference FROM village_order WHERE id = ANY($1)", list(ids))
    found = {row["id"]: row["reference"] for row in rows}
    return [found[order_id] for order_id in ids]


def _may_read(principal: Principal, row: Row) -> bool:
    for permission in (Permission.ORDER_PLACE, Permission.ORDER_ANSWER, *BUYERS):
        scope = principal.scopes.get(permission)
        if scope and (scope.covers_place(row["place_code"]) or scope.covers_organization(row["organization_id"])):
            return True
    return False


def _view(row: Row) -> OrderView:
    lists = {name: tuple(row[name]) for name in ("people", "involved")}
    return OrderView(**{**row, **lists, "status": OrderStatus(row["status"])})
