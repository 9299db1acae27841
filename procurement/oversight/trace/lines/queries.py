"""Reading the upper half of the way, in a few statements a page; amounts are summed from movements and claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from procurement.budgets import queries as budgets
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts
from procurement.claims.rules import ClaimStatus
from procurement.deliveries.rules import OrderStatus
from procurement.oversight.trace.lines import payments
from procurement.oversight.trace.lines.payments import PaymentRow
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.reading import reading_scope

READER = Permission.LEDGER_READ


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the entry page with what lies below it."""

    line: LineView
    purchases: int
    claims: int
    flags: int


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One purchase below a line: what its movements bound and spent, and how far it came."""

    reference: str
    method: Method
    status: PurchaseStatus
    title_zh: str
    title_en: str
    organization_zh: str | None
    organization_en: str | None
    amount_fen: int
    reserved_fen: int
    committed_fen: int
    spent_fen: int
    ordered: int
    accepted: int
    flags: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim that stands right below a line: work that was not bought but subsidised."""

    id: int
    reference: str
    status: ClaimStatus
    service_day: date
    payee_zh: str
    payee_en: str
    amount_fen: int
    batch: str | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """A line, its purchases, its claims beside them, and what each source moved: the sums meet the line's own."""

    line: LineView
    purchases: list[PurchaseRow]
    direct: Amounts
    claims: int
    claimed_fen: int
    others: list[tuple[str, Amounts]]

    @property
    def below(self) -> Amounts:
        """Return the sum of everything below the line."""
        of_purchases = (Amounts(0, row.reserved_fen, row.committed_fen, row.spent_fen) for row in self.purchases)
        return sum((*of_purchases, self.direct, *(amounts for _, amounts in self.others)), Amounts())


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a contract with its claim."""

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
    """A purchase with its contract, its units, and the way back to its line."""

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
    moved: Amounts
    units: list[UnitRow]
    payments: list[PaymentRow]
    returned_fen: int

    @property
    def paid_fen(self) -> int:
        """Return what was paid under the contract, less what of an advance came back: the purchase's spending."""
        return self.moved.spent

    @property
    def reached(self) -> int:
        """Return how many people the judged units reached, as the acceptor confirmed."""
        return sum(unit.reached or 0 for unit in self.units)


# Which purchase a movement of money belongs to, whatever moved it; a claim without a contract belongs to none.
_MOVED = """
SELECT m.budget_line_id, CASE WHEN paid.id IS NULL THEN m.source_type ELSE 'claim' END AS source_type,
       m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen,
       CASE WHEN m.source_type IN ('purchase', 'purchase_award') THEN m.source_id
            ELSE coalesce(c.purchase_id, r.purchase_id) END AS purchase_id
FROM budget_movement m
LEFT JOIN settlement_item paid ON m.source_type = 'settlement_item' AND paid.id = m.source_id
LEFT JOIN claim ON claim.id = CASE m.source_type WHEN 'claim' THEN m.source_id ELSE paid.claim_id END
LEFT JOIN contract_amendment a ON m.source_type = 'contract_amendment' AND a.id = m.source_id
LEFT JOIN advance_return back ON m.source_type = 'advance_return' AND back.id = m.source_id
LEFT JOIN contract c ON c.id = coalesce(claim.contract_id, a.contract_id, back.contract_id)
LEFT JOIN quotation_comparison q ON m.source_type = 'quotation_comparison' AND q.id = m.source_id
LEFT JOIN quotation_opening opening ON opening.id = q.opening_id LEFT JOIN quotation_round r ON r.id = opening.round_id
"""
_SUMS = """
coalesce(sum(moved.approved_fen), 0)::bigint AS approved_fen,
coalesce(sum(moved.reserved_fen), 0)::bigint AS reserved_fen,
coalesce(sum(moved.committed_fen), 0)::bigint AS committed_fen, coalesce(sum(moved.spent_fen), 0)::bigint AS spent_fen
"""
_COUNTS = """
WITH flagged AS (
    SELECT coalesce(f.budget_line_id, p.budget_line_id, claim.budget_line_id) AS line, count(*) AS flags
    FROM review_flag f LEFT JOIN purchase p ON p.id = f.purchase_id LEFT JOIN claim ON claim.id = f.claim_id
    WHERE f.closed_at IS NULL GROUP BY 1)
SELECT l.id, (SELECT count(*) FROM purchase p WHERE p.budget_line_id = l.id) AS purchases,
       (SELECT count(*) FROM claim WHERE claim.budget_line_id = l.id AND claim.contract_id IS NULL) AS claims,
       coalesce(flagged.flags, 0) AS flags
FROM budget_line l LEFT JOIN flagged ON flagged.line = l.id WHERE l.id = ANY($1)
"""
_PURCHASES = f"""
SELECT p.reference, p.method, p.status, coalesce(v.title_zh, p.purpose_zh) AS title_zh,
       coalesce(v.title_en, '') AS title_en, org.name_zh AS organization_zh, org.name_en AS organization_en,
       p.amount_fen, coalesce(moved.reserved_fen, 0) AS reserved_fen, coalesce(moved.committed_fen, 0) AS committed_fen,
       coalesce(moved.spent_fen, 0) AS spent_fen, coalesce(c.ordered, 0) AS ordered,
       coalesce(c.accepted, 0) AS accepted,
       (SELECT count(*) FROM review_flag f WHERE f.purchase_id = p.id AND f.closed_at IS NULL) AS flags
FROM purchase p LEFT JOIN organization org ON org.id = p.organization_id LEFT JOIN contract c ON c.purchase_id = p.id
LEFT JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
LEFT JOIN (SELECT moved.purchase_id, {_SUMS} FROM ({_MOVED} WHERE m.budget_line_id = $1) AS moved
           GROUP BY moved.purchase_id) AS moved ON moved.purchase_id = p.id
WHERE p.budget_line_id = $1 ORDER BY p.id DESC
"""
_BESIDE = f"""
SELECT moved.source_type, {_SUMS} FROM ({_MOVED} WHERE m.budget_line_id = $1) AS moved
WHERE moved.purchase_id IS NULL AND moved.source_type <> 'appropriation' GROUP BY moved.source_type ORDER BY 1
"""
_CLAIMS = """
SELECT claim.id, claim.reference, claim.status, claim.service_day, coalesce(person.name, org.name_zh) AS payee_zh,
       coalesce(person.name, nullif(org.name_en, ''), org.name_zh) AS payee_en, claim.amount_fen, b.reference AS batch
FROM claim LEFT JOIN person ON person.id = claim.person_id LEFT JOIN organization org ON org.id = claim.organization_id
LEFT JOIN settlement_item i ON i.claim_id = claim.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
WHERE claim.budget_line_id = $1 AND claim.contract_id IS NULL AND ($2::bigint IS NULL OR claim.id < $2)
ORDER BY claim.id DESC LIMIT $3
"""
_PURCHASE = """
SELECT p.id, l.id AS line_id, p.reference, p.method, p.status, coalesce(v.title_zh, p.purpose_zh) AS title_zh,
       coalesce(v.title_en, '') AS title_en, p.purpose_zh, p.quantity, p.unit_price_fen, p.amount_fen,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, l.year,
       line_place.code AS line_place, programme.code AS programme, programme.name_zh AS programme_zh,
       programme.name_en AS programme_en, c.reference AS contract, org.name_zh AS organization_zh,
       org.name_en AS organization_en, coalesce(c.added, 0) AS added, c.signed_at, c.ends_on,
       asked.display_name AS requested_by, approved.display_name AS approved_by, claimed.claimed_fen
FROM purchase p JOIN place ON place.id = p.place_id JOIN budget_line l ON l.id = p.budget_line_id
JOIN place line_place ON line_place.id = l.place_id JOIN programme ON programme.id = l.programme_id
JOIN account asked ON asked.id = p.requested_by LEFT JOIN account approved ON approved.id = p.approved_by
LEFT JOIN contract c ON c.purchase_id = p.id LEFT JOIN organization org ON org.id = p.organization_id
LEFT JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_fen), 0)::bigint AS claimed_fen
    FROM claim WHERE claim.contract_id = c.id AND claim.status NOT IN ('rejected', 'reversed')) AS claimed
WHERE p.reference = $1 AND place.code LIKE ANY($2)
"""
_MOVED_FOR = f"""
SELECT {_SUMS} FROM ({_MOVED} WHERE m.budget_line_id = $2) AS moved WHERE moved.purchase_id = $1
"""
# A unit's claim is its own, or that of the milestone which pays it; its price less its share of the advance.
_UNITS = """
SELECT o.reference, o.status, o.wished_start AS starts, place.name_zh AS place_zh, place.name_en AS place_en,
       t.people_reached AS reached, claim.reference AS claim, claim.status AS claim_status,
       coalesce(u.price_fen - u.offset_fen, claim.amount_fen, 0) AS amount_fen,
       CASE claim.status WHEN 'paid' THEN coalesce(u.price_fen - u.offset_fen, claim.amount_fen) ELSE 0 END AS paid_fen,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id)::integer AS opinions
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
LEFT JOIN acceptance t ON t.village_order_id = o.id
LEFT JOIN unit_payment u ON u.village_order_id = o.id
LEFT JOIN claim ON claim.village_order_id = o.id OR claim.contract_payment_id = u.contract_payment_id
WHERE c.purchase_id = $1 ORDER BY o.wished_start, o.id
"""


async def year(principal: Principal, wanted: int) -> list[Counted]:
    """Return a year's budget lines in the reader's places with what lies below each."""
    lines = await budgets.lines(reading_scope(principal, READER), wanted)
    rows = await database.fetch(_COUNTS, [line.id for line in lines])
    counts = {row.pop("id"): row for row in rows}
    return [Counted(line, **counts[line.id]) for line in lines]


async def line(principal: Principal, wanted: int, place_code: str, programme: str) -> LinePage:
    """Return one line with its purchases and the sums of all that moved its money."""
    found = await budgets.line(reading_scope(principal, READER), wanted, place_code, programme)
    purchases = [_purchase(row) for row in await database.fetch(_PURCHASES, found.id)]
    beside = {row["source_type"]: _amounts(row) for row in await database.fetch(_BESIDE, found.id)}
    direct = beside.pop("claim", Amounts())
    counted = await database.fetch_one(
        """SELECT count(*) AS claims, coalesce(sum(amount_fen), 0)::bigint AS fen FROM claim
           WHERE budget_line_id = $1 AND contract_id IS NULL AND status NOT IN ('rejected', 'reversed')""",
        found.id,
    )
    count = counted or {"claims": 0, "fen": 0}
    return LinePage(found, purchases, direct, count["claims"], count["fen"], list(beside.items()))


async def claims(line_id: int, before: int | None, limit: int) -> list[ClaimRow]:
    """Return the claims right below a line, the latest first; the page of the line has checked who reads."""
    rows = await database.fetch(_CLAIMS, line_id, before, limit)
    return [ClaimRow(**{**row, "status": ClaimStatus(row["status"])}) for row in rows]


async def purchase(principal: Principal, reference: str) -> PurchasePage:
    """Return one purchase with its contract and units."""
    row = await database.fetch_one(_PURCHASE, reference, reading_scope(principal, READER).like_patterns())
    if row is None:
        raise NotFound
    [moved] = await database.fetch(_MOVED_FOR, row["id"], row.pop("line_id"))
    units = await database.fetch(_UNITS, row["id"])
    row |= {"method": Method(row["method"]), "status": PurchaseStatus(row["status"])}
    paid, returned = await payments.of_purchase(row["id"])
    return PurchasePage(**row, moved=_amounts(moved), units=_units(units), payments=paid, returned_fen=returned)


def _purchase(row: Row) -> PurchaseRow:
    return PurchaseRow(**{**row, "method": Method(row["method"]), "status": PurchaseStatus(row["status"])})


def _units(rows: Sequence[Row]) -> list[UnitRow]:
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


def _amounts(row: Row) -> Amounts:
    return Amounts(row["approved_fen"], row["reserved_fen"], row["committed_fen"], row["spent_fen"])
