"""Reading a year's budget lines and what lies below one, a page at a time; sums are those of the whole."""

from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.access import Permission, Principal
from procurement.budgets import queries as budgets
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts
from procurement.claims.rules import ClaimStatus
from procurement.oversight.trace.movements import MOVED, SUMS, amounts_of
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

    id: int
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
    """A line, the sums of its purchases, of the claims beside them, and of what else moved it: they meet its own."""

    line: LineView
    purchases: int
    bought: Amounts
    direct: Amounts
    claims: int
    claimed_fen: int
    others: list[tuple[str, Amounts]]

    @property
    def below(self) -> Amounts:
        """Return the sum of everything below the line."""
        return sum((self.bought, self.direct, *(amounts for _, amounts in self.others)), Amounts())


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
SELECT p.id, p.reference, p.method, p.status, coalesce(v.title_zh, p.purpose_zh) AS title_zh,
       coalesce(v.title_en, '') AS title_en, org.name_zh AS organization_zh, org.name_en AS organization_en,
       p.amount_fen,
       coalesce(moved.reserved_fen, 0) AS reserved_fen, coalesce(moved.committed_fen, 0) AS committed_fen,
       coalesce(moved.spent_fen, 0) AS spent_fen, coalesce(c.ordered, 0) AS ordered,
       coalesce(c.accepted, 0) AS accepted,
       (SELECT count(*) FROM review_flag f WHERE f.purchase_id = p.id AND f.closed_at IS NULL) AS flags
FROM purchase p LEFT JOIN organization org ON org.id = p.organization_id LEFT JOIN contract c ON c.purchase_id = p.id
LEFT JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
LEFT JOIN (SELECT moved.purchase_id, {SUMS} FROM ({MOVED} WHERE m.budget_line_id = $1) AS moved
           GROUP BY moved.purchase_id) AS moved ON moved.purchase_id = p.id
WHERE (p.budget_line_id = $1 OR moved.purchase_id IS NOT NULL) AND ($2::bigint IS NULL OR p.id < $2)
ORDER BY p.id DESC LIMIT $3
"""
_BELOW = f"""
SELECT CASE WHEN p.id IS NULL THEN moved.source_type ELSE 'bought' END AS below, {SUMS}
FROM ({MOVED} WHERE m.budget_line_id = $1) AS moved
LEFT JOIN purchase p ON p.id = moved.purchase_id
WHERE p.id IS NOT NULL OR moved.source_type <> 'appropriation' GROUP BY 1 ORDER BY 1
"""
_COUNTED = """
SELECT (SELECT count(*) FROM purchase WHERE budget_line_id = $1) AS purchases, count(*) AS claims,
       coalesce(sum(amount_fen), 0)::bigint AS claimed_fen
FROM claim WHERE budget_line_id = $1 AND contract_id IS NULL AND status NOT IN ('rejected', 'reversed')
"""
_CLAIMS = """
SELECT claim.id, claim.reference, claim.status, claim.service_day, coalesce(person.name, org.name_zh) AS payee_zh,
       coalesce(person.name, nullif(org.name_en, ''), org.name_zh) AS payee_en, claim.amount_fen, b.reference AS batch
FROM claim LEFT JOIN person ON person.id = claim.person_id LEFT JOIN organization org ON org.id = claim.organization_id
LEFT JOIN settlement_item i ON i.claim_id = claim.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
WHERE claim.budget_line_id = $1 AND claim.contract_id IS NULL AND ($2::bigint IS NULL OR claim.id < $2)
ORDER BY claim.id DESC LIMIT $3
"""


async def year(principal: Principal, wanted: int) -> list[Counted]:
    """Return a year's budget lines in the reader's places with what lies below each."""
    lines = await budgets.lines(reading_scope(principal, READER), wanted)
    rows = await database.fetch(_COUNTS, [line.id for line in lines])
    counts = {row.pop("id"): row for row in rows}
    return [Counted(line, **counts[line.id]) for line in lines]


async def line(principal: Principal, wanted: int, place_code: str, programme: str) -> LinePage:
    """Return one line with the sums of all that moved its money."""
    found = await budgets.line(reading_scope(principal, READER), wanted, place_code, programme)
    below = {row["below"]: amounts_of(row) for row in await database.fetch(_BELOW, found.id)}
    bought, direct = below.pop("bought", Amounts()), below.pop("claim", Amounts())
    [counted] = await database.fetch(_COUNTED, found.id)
    return LinePage(found, bought=bought, direct=direct, others=list(below.items()), **counted)


async def purchases(line_id: int, before: int | None, limit: int) -> list[PurchaseRow]:
    """Return the purchases below a line, the latest first; the page of the line has checked who reads."""
    rows = await database.fetch(_PURCHASES, line_id, before, limit)
    return [
        PurchaseRow(**{**row, "method": Method(row["method"]), "status": PurchaseStatus(row["status"])}) for row in rows
    ]


async def claims(line_id: int, before: int | None, limit: int) -> list[ClaimRow]:
    """Return the claims right below a line, the latest first; the page of the line has checked who reads."""
    rows = await database.fetch(_CLAIMS, line_id, before, limit)
    return [ClaimRow(**{**row, "status": ClaimStatus(row["status"])}) for row in rows]
