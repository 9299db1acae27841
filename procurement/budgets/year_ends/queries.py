"""Reading which years are open, prepared or closed, and what a closing did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.access import Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.budgets.rules import Fund
from procurement.budgets.year_ends.rules import ClosingStatus, Fate, Held, Item, Judged, Pot, Why


@dataclass(frozen=True, slots=True)
class Closing:
    """Who prepared the closing of a year, and who closed it."""

    status: ClosingStatus
    prepared_by: int
    preparer: str
    prepared_at: datetime
    closer: str
    closed_at: datetime | None
    fingerprint: bytes
    carry_years: int


@dataclass(frozen=True, slots=True)
class YearOfPlace:
    """A year of a place in the list; ``lapsed_fen`` and ``carried_fen`` are there once it is closed."""

    year: int
    place_code: str
    place_zh: str
    place_en: str
    lines: int
    approved_fen: int
    spent_fen: int
    left_fen: int  # bound or free: what the year's end is about
    lapsed_fen: int
    carried_fen: int
    status: ClosingStatus | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A line of a closed year, with what was done with its rest."""

    year: int
    place_code: str
    programme: str
    programme_zh: str
    programme_en: str
    functional_code: str
    economic_code: str
    fund: Fund
    approved_fen: int
    spent_fen: int
    judged: Judged


async def years(scope: Scope) -> list[YearOfPlace]:
    """Return the years of every place in scope, the latest first."""
    rows = await database.fetch(_YEARS, scope.like_patterns())
    return [YearOfPlace(**{**row, "status": _status(row["status"])}) for row in rows]


async def require_year(scope: Scope, year: int, place_code: str) -> tuple[str, str]:
    """Return a place's names, or refuse: out of scope, or without a line of that year."""
    row = await database.fetch_one(
        """SELECT place.name_zh, place.name_en FROM place WHERE place.code = $1 AND place.code LIKE ANY($2)
           AND EXISTS (SELECT FROM budget_line l WHERE l.place_id = place.id AND l.year = $3)""",
        place_code,
        scope.like_patterns(),
        year,
    )
    if row is None:
        raise NotFound
    return row["name_zh"], row["name_en"]


async def closing(place_code: str, year: int) -> Closing | None:
    """Return the closing of a year in a place, if somebody prepared one."""
    row = await database.fetch_one(_CLOSING, place_code, year)
    return Closing(**{**row, "status": ClosingStatus(row["status"])}) if row else None


async def closed_lines(place_code: str, year: int) -> list[ClosedLine]:
    """Return the lines of a closed year with their items."""
    items: dict[int, list[Item]] = {}
    for row in await database.fetch(_ITEMS, place_code, year):
        items.setdefault(row["line_id"], []).append(_item(row))
    rows = await database.fetch(_CLOSED_LINES, place_code, year)
    return [
        ClosedLine(judged=Judged(tuple(items.get(row.pop("id"), ()))), **{**row, "fund": Fund(row["fund"])})
        for row in rows
    ]


async def unapproved(place_code: str, year: int) -> tuple[int, int]:
    """Return how many claims on a year's lines nobody has judged yet, and their sum: the next year will owe them."""
    [row] = await database.fetch(_UNAPPROVED, place_code, year)
    return row["claims"], row["fen"]


def _status(value: str | None) -> ClosingStatus | None:
    return ClosingStatus(value) if value else None


def _item(row: Row) -> Item:
    held = Held(
        Pot(row["pot"]), row["amount_fen"], row["origin_year"], row["purchase_id"], row["claim_id"], row["reference"],
        row["title_zh"], row["title_en"],
    )  # fmt: skip
    return Item(held, Fate(row["fate"]), _why(row))


def _why(row: Row) -> Why:
    if row["fund"] == Fund.DONATED:
        return Why.DONATED
    if row["fate"] == Fate.LAPSED:
        return Why.FREE if row["pot"] == Pot.FREE else Why.TOO_OLD
    return Why.CONTRACT if row["pot"] == Pot.COMMITTED else Why.CLAIM


def total(rows: Sequence[Judged]) -> tuple[int, int]:
    """Return what lapses and what is carried over some lines."""
    return sum(row.lapsed for row in rows), sum(row.carried for row in rows)


HOLDER_COLUMNS = """
coalesce(c.reference, purchase.reference, claim.reference, '') AS reference,
coalesce(v.title_zh, purchase.purpose_zh, a.title_zh, k.title_zh, spent.title_zh, post.title_zh, '') AS title_zh,
coalesce(v.title_en, a.title_en, k.title_en, spent.title_en, post.title_en, '') AS title_en
"""


def holder_of(held: str) -> str:
    """Return the joins that find the purchase, contract or claim of a row that holds money of a line, by its alias."""
    return f"""
LEFT JOIN purchase ON purchase.id = {held}.purchase_id LEFT JOIN contract c ON c.purchase_id = purchase.id
LEFT JOIN product_version v ON (v.product_id, v.number) = (purchase.product_id, purchase.product_version)
LEFT JOIN claim ON claim.id = {held}.claim_id
LEFT JOIN sign_up s ON s.id = claim.sign_up_id LEFT JOIN assignment a ON a.id = s.assignment_id
LEFT JOIN closed_case k ON k.id = claim.closed_case_id LEFT JOIN expense spent ON spent.id = claim.expense_id
LEFT JOIN mediator_post post ON post.id = claim.mediator_post_id
"""


_YEARS = """
SELECT l.year, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, count(*) AS lines,
       sum(l.approved_fen)::bigint AS approved_fen, sum(l.spent_fen)::bigint AS spent_fen,
       sum(l.approved_fen - l.spent_fen - l.closed_fen)::bigint AS left_fen,
       coalesce(sum(e.lapsed_fen), 0)::bigint AS lapsed_fen, coalesce(sum(e.carried_fen), 0)::bigint AS carried_fen,
       c.status, c.closed_at
FROM budget_line l JOIN place ON place.id = l.place_id
LEFT JOIN year_closing c ON (c.place_id, c.year) = (l.place_id, l.year) AND c.status <> 'dropped'
LEFT JOIN year_closing_line e ON e.budget_line_id = l.id
WHERE place.code LIKE ANY($1) GROUP BY l.year, place.id, c.id ORDER BY l.year DESC, place.code
"""
_CLOSING = """
SELECT c.status, c.prepared_by, first.display_name AS preparer, c.prepared_at,
       coalesce(second.display_name, '') AS closer, c.closed_at, c.figures_sha256 AS fingerprint, c.carry_years
FROM year_closing c JOIN place ON place.id = c.place_id JOIN account first ON first.id = c.prepared_by
LEFT JOIN account second ON second.id = c.closed_by
WHERE place.code = $1 AND c.year = $2 AND c.status <> 'dropped'
"""
_CLOSED_LINES = """
SELECT l.id, l.year, place.code AS place_code, p.code AS programme, p.name_zh AS programme_zh,
       p.name_en AS programme_en, l.functional_code, l.economic_code, l.fund, e.approved_fen, e.spent_fen
FROM year_closing_line e JOIN budget_line l ON l.id = e.budget_line_id JOIN programme p ON p.id = l.programme_id
JOIN place ON place.id = l.place_id WHERE place.code = $1 AND l.year = $2 ORDER BY l.fund DESC, p.id
"""
_ITEMS = f"""
SELECT e.budget_line_id AS line_id, l.fund, i.pot, i.fate, i.origin_year, i.amount_fen, i.purchase_id, i.claim_id,
       {HOLDER_COLUMNS}
FROM year_closing_item i JOIN year_closing_line e ON e.id = i.closing_line_id
JOIN budget_line l ON l.id = e.budget_line_id JOIN place ON place.id = l.place_id
{holder_of("i")}
WHERE place.code = $1 AND l.year = $2 ORDER BY i.id
"""
_UNAPPROVED = """
SELECT count(*) AS claims, coalesce(sum(k.amount_fen), 0)::bigint AS fen
FROM claim k JOIN budget_line l ON l.id = k.budget_line_id JOIN place ON place.id = l.place_id
WHERE place.code = $1 AND l.year = $2 AND k.status IN ('accrued', 'held', 'returned')
"""
