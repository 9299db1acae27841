"""Reading purchases: lists by state, one with everything around it, and what it may be paid from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.blocks import Block
from procurement.purchases import guards
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.purchases.service import guarded_purchase, offer_of


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase as lists and its page show it; names of officers are for those who may read it."""

    id: int
    reference: str
    method: Method
    status: PurchaseStatus
    title_zh: str  # of the product, or what the purchase is for until one is found
    title_en: str
    product_reference: str | None
    organization_public_id: UUID | None
    organization_zh: str | None
    organization_en: str | None
    framework_reference: str | None
    framework_zh: str | None
    framework_en: str | None
    place_code: str
    place_zh: str
    place_en: str
    unit: str | None
    quantity: int
    unit_price_fen: int
    amount_fen: int
    purpose_zh: str
    line_year: int
    line_place_code: str
    line_place_zh: str
    line_place_en: str
    requested_by: int
    requester: str
    requested_at: datetime
    approver: str | None
    approved_at: datetime | None
    refusal_reason: str
    evaluation_zh: str
    contract_reference: str | None
    offered_at: datetime | None
    signed_at: datetime | None
    ordered: int
    accepted: int
    rating: float | None
    units: int  # what may be ordered: the contract's quantity with its supplements


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A budget line to pay from, with what is left."""

    id: int
    key: str
    place_zh: str
    place_en: str
    year: int
    left_fen: int


_PURCHASE = """
SELECT p.id, p.reference, p.method, p.status, coalesce(v.title_zh, p.purpose_zh) AS title_zh,
       coalesce(v.title_en, '') AS title_en, product.reference AS product_reference,
       o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
       f.reference AS framework_reference, f.title_zh AS framework_zh, f.title_en AS framework_en,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       coalesce(v.unit, quotation.unit) AS unit, p.quantity,
       p.unit_price_fen, p.amount_fen, p.purpose_zh, line.year AS line_year, line_place.code AS line_place_code,
       line_place.name_zh AS line_place_zh, line_place.name_en AS line_place_en, p.requested_by,
       requester.display_name AS requester, p.requested_at, approver.display_name AS approver, p.approved_at,
       p.refusal_reason, p.evaluation_zh, c.reference AS contract_reference, c.offered_at, c.signed_at,
       coalesce(c.ordered, 0) AS ordered, coalesce(c.accepted, 0) AS accepted, seen.rating,
       p.quantity + coalesce(c.added, 0) AS units
FROM purchase p JOIN place ON place.id = p.place_id LEFT JOIN admission a ON a.id = p.admission_id
LEFT JOIN framework f ON f.id = a.framework_id LEFT JOIN organization o ON o.id = p.organization_id
LEFT JOIN product ON product.id = p.product_id
LEFT JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
JOIN budget_line line ON line.id = p.budget_line_id JOIN place line_place ON line_place.id = line.place_id
JOIN account requester ON requester.id = p.requested_by LEFT JOIN account approver ON approver.id = p.approved_by
LEFT JOIN contract c ON c.purchase_id = p.id LEFT JOIN quotation_request quotation ON quotation.purchase_id = p.id
LEFT JOIN LATERAL (
    SELECT avg(t.rating)::float8 AS rating FROM village_order ord JOIN acceptance t ON t.village_order_id = ord.id
    WHERE ord.contract_id = c.id) AS seen ON true
"""


async def purchases(
    scope: Scope, ways: Iterable[tuple[Method, PurchaseStatus]], after: int | None = None, limit: int = 51
) -> list[PurchaseView]:
    """Return purchases of the places in scope that stand so by their methods, the newest first."""
    wanted = list(ways)
    rows = await database.fetch(
        f"""{_PURCHASE} WHERE place.code LIKE ANY($1) AND p.status = ANY($2) AND p.method || '/' || p.status = ANY($5)
              AND ($3::bigint IS NULL OR p.id < $3)
            ORDER BY p.id DESC LIMIT $4""",
        scope.like_patterns(),
        sorted({status.value for _, status in wanted}),
        after,
        limit,
        [f"{method.value}/{status.value}" for method, status in wanted],
    )
    return [_view(row) for row in rows]


async def purchase(scope: Scope, reference: str) -> PurchaseView:
    """Return one purchase in scope."""
    row = await database.fetch_one(
        f"{_PURCHASE} WHERE p.reference = $1 AND place.code LIKE ANY($2)", reference, scope.like_patterns()
    )
    if row is None:
        raise NotFound
    return _view(row)


async def approval_blocks(purchase_id: int) -> list[Block]:
    """Name what stands in the way of approving a purchase or offering its contract today."""
    row = await guarded_purchase(purchase_id)
    return guards.offer_blocks(offer_of(row), clock.today())


async def purchase_ids(references: Sequence[str]) -> list[int]:
    """Return the rows behind references, in the order given."""
    rows = await database.fetch("SELECT id, reference FROM purchase WHERE reference = ANY($1)", list(references))
    found = {row["reference"]: int(row["id"]) for row in rows}
    if not references or any(reference not in found for reference in references):
        raise NotFound
    return [found[reference] for reference in references]


async def references_of(ids: Sequence[int]) -> list[str]:
    """Return the numbers that purchases were given, in the order of the ids."""
    rows = await database.fetch("SELECT id, reference FROM purchase WHERE id = ANY($1)", list(ids))
    found = {row["id"]: row["reference"] for row in rows}
    return [found[purchase_id] for purchase_id in ids]


async def line_choices(scope: Scope) -> list[LineChoice]:
    """Return this year's lines for purchases that cover or lie in the scope's places."""
    rows = await database.fetch(
        """SELECT l.id, place.code || '/' || l.year AS key, place.name_zh AS place_zh, place.name_en AS place_en,
                  l.year, l.approved_fen - l.reserved_fen - l.committed_fen - l.spent_fen AS left_fen
           FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
           WHERE p.code = 'purchase' AND l.year = $1
             AND EXISTS (SELECT FROM unnest($2::text[]) AS mine (code)
                         WHERE starts_with(mine.code, place.code) OR starts_with(place.code, mine.code))
           ORDER BY place.code""",
        clock.today().year,
        list(scope.place_codes),
    )
    return [LineChoice(**row) for row in rows]


def _view(row: Row) -> PurchaseView:
    return PurchaseView(**{**row, "method": Method(row["method"]), "status": PurchaseStatus(row["status"])})
