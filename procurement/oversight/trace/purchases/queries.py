"""Reading one purchase: its contract, its units a page at a time, its payments as a whole, the way back to its line."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.budgets.rules import Amounts
from procurement.claims.rules import ClaimStatus
from procurement.deliveries.rules import OrderStatus
from procurement.oversight.trace.movements import MOVED, SUMS, amounts_of
from procurement.oversight.trace.purchases import payments
from procurement.oversight.trace.purchases.payments import PaymentRow
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.reading import reading_scope

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a contract with its claim."""

    id: int
    reference: str
    status: OrderStatus
    starts: datetime
    place_zh: str
    place_en: str
    reached: int | None
    opinions: int
    claim: str | None
    claim_status: ClaimStatus | None
    amount_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """A purchase with its contract, how many units it has, and the way back to its line."""

    id: int
    reference: str
    method: Method
    status: PurchaseStatus
    title_zh: str
    title_en: str
    purpose_zh: str
    quantity: int
    unit_price_fen: int
    amount_fen: int
    place_code: str
    place_zh: str
    place_en: str
    year: int
    line_place: str
    programme: str
    programme_zh: str
    programme_en: str
    contract: str | None
    organization_zh: str | None
    organization_en: str | None
    added: int
    signed_at: datetime | None
    ends_on: date | None
    requested_by: str
    approved_by: str | None
    claimed_fen: int  # by all claims of the contract that stand
    units: int
    reached: int  # people, by all judged units, as the acceptor confirmed
    moved: Amounts
    payments: list[PaymentRow]
    returned_fen: int

    @property
    def paid_fen(self) -> int:
        """Return what was paid under the contract, less what of an advance came back: the purchase's spending."""
        return self.moved.spent


_PURCHASE = """
SELECT p.id, l.id AS line_id, p.reference, p.method, p.status, coalesce(v.title_zh, p.purpose_zh) AS title_zh,
       coalesce(v.title_en, '') AS title_en, p.purpose_zh, p.quantity, p.unit_price_fen, p.amount_fen,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, l.year,
       line_place.code AS line_place, programme.code AS programme, programme.name_zh AS programme_zh,
       programme.name_en AS programme_en, c.reference AS contract, org.name_zh AS organization_zh,
       org.name_en AS organization_en, coalesce(c.added, 0) AS added, c.signed_at, c.ends_on,
       asked.display_name AS requested_by, approved.display_name AS approved_by, claimed.claimed_fen, done.units,
       done.reached
FROM purchase p JOIN place ON place.id = p.place_id JOIN budget_line l ON l.id = p.budget_line_id
JOIN place line_place ON line_place.id = l.place_id JOIN programme ON programme.id = l.programme_id
JOIN account asked ON asked.id = p.requested_by LEFT JOIN account approved ON approved.id = p.approved_by
LEFT JOIN contract c ON c.purchase_id = p.id LEFT JOIN organization org ON org.id = p.organization_id
LEFT JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_fen), 0)::bigint AS claimed_fen
    FROM claim WHERE claim.contract_id = c.id AND claim.status NOT IN ('rejected', 'reversed')) AS claimed
CROSS JOIN LATERAL (
    SELECT count(*) AS units, coalesce(sum(t.people_reached), 0)::bigint AS reached
    FROM village_order o LEFT JOIN acceptance t ON t.village_order_id = o.id WHERE o.contract_id = c.id) AS done
WHERE p.reference = $1 AND place.code LIKE ANY($2)
"""
_MOVED_FOR = f"""
SELECT {SUMS} FROM ({MOVED} WHERE m.budget_line_id = $2) AS moved WHERE moved.purchase_id = $1
"""
# A unit's claim is its own, or that of the milestone which pays it; its price less its share of the advance.
_UNITS = """
SELECT o.id, o.reference, o.status, o.wished_start AS starts, place.name_zh AS place_zh, place.name_en AS place_en,
       t.people_reached AS reached, claim.reference AS claim, claim.status AS claim_status,
       coalesce(u.price_fen - u.offset_fen, claim.amount_fen, 0) AS amount_fen,
       CASE claim.status WHEN 'paid' THEN coalesce(u.price_fen - u.offset_fen, claim.amount_fen) ELSE 0 END AS paid_fen,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id)::integer AS opinions
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
LEFT JOIN acceptance t ON t.village_order_id = o.id
LEFT JOIN unit_payment u ON u.village_order_id = o.id
LEFT JOIN claim ON claim.village_order_id = o.id OR claim.contract_payment_id = u.contract_payment_id
WHERE c.purchase_id = $1 AND ($2::timestamptz IS NULL OR (o.wished_start, o.id) > ($2, $3))
ORDER BY o.wished_start, o.id LIMIT $4
"""


async def purchase(principal: Principal, reference: str) -> PurchasePage:
    """Return one purchase with its contract and the sums of its units."""
    row = await database.fetch_one(_PURCHASE, reference, reading_scope(principal, READER).like_patterns())
    if row is None:
        raise NotFound
    [moved] = await database.fetch(_MOVED_FOR, row["id"], row.pop("line_id"))
    row |= {"method": Method(row["method"]), "status": PurchaseStatus(row["status"])}
    paid, returned = await payments.of_purchase(row["id"])
    return PurchasePage(**row, moved=amounts_of(moved), payments=paid, returned_fen=returned)


async def units(purchase_id: int, after: tuple[datetime, int] | None, limit: int) -> list[UnitRow]:
    """Return the units of a purchase in the order of their days; the page of the purchase has checked who reads."""
    rows = await database.fetch(_UNITS, purchase_id, *(after or (None, None)), limit)
    return [
        UnitRow(
            **{
                **row,
                "status": OrderStatus(row["status"]),
                "claim_status": ClaimStatus(row["claim_status"]) if row["claim_status"] else None,
            }
        )
        for row in rows
    ]
