"""Reading the claims officer's queue, a page of it with its totals in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.core import database
from app.core.access import Permission, Principal
from app.core.clock import week_start
from app.core.errors import NotFound
from procurement.claims.queries import ROW_COLUMNS, ROW_SOURCE, ClaimRow, claim_row

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims an officer asks for; what is empty asks for all."""

    district: str = ""
    programme: str = ""
    status: str = ""
    week: date | None = None  # any day of it

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Return the first day of the week and the first that no longer belongs to it."""
        monday = week_start(self.week) if self.week else None
        return monday, monday + WEEK if monday else None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of claims, with count and sum of all that match."""

    rows: tuple[ClaimRow, ...]
    count: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What approving a selection would do to one budget line."""

    district_zh: str
    district_en: str
    programme_zh: str
    programme_en: str
    year: int
    count: int
    total_fen: int
    to_reserve_fen: int
    available_fen: int

    @property
    def short_fen(self) -> int:
        """Return how much the line lacks."""
        return max(0, self.to_reserve_fen - self.available_fen)


@dataclass(frozen=True, slots=True)
class WaitingClaims:
    """How much waits at an officer's desk, and since when."""

    count: int
    total_fen: int
    oldest: date | None
    held: int


_MATCHING = """
place.code LIKE ANY ($1) AND place.code LIKE $2 || '%' AND ($3 = '' OR programme.code = $3)
AND ($4 = '' OR c.status = $4) AND ($5::date IS NULL OR c.service_day >= $5)
AND ($6::date IS NULL OR c.service_day < $6)
"""
_MATCHING_SOURCE = """
claim c JOIN place ON place.id = c.place_id JOIN programme ON programme.id = c.programme_id
"""
_QUEUE = f"""
WITH found AS MATERIALIZED (SELECT c.id, c.amount_fen FROM {_MATCHING_SOURCE} WHERE {_MATCHING}),
     shown AS (SELECT id FROM found WHERE $7::text IS NULL OR id > (SELECT id FROM claim WHERE reference = $7)
               ORDER BY id LIMIT $8)
SELECT {ROW_COLUMNS}, (SELECT count(*) FROM found) AS matching, (SELECT sum(amount_fen)::bigint FROM found) AS total_fen
FROM {ROW_SOURCE} JOIN shown ON shown.id = c.id ORDER BY c.id
"""
_EFFECTS = """
SELECT district.name_zh AS district_zh, district.name_en AS district_en, programme.name_zh AS programme_zh,
       programme.name_en AS programme_en, line.year, count(*) AS count, sum(c.amount_fen)::bigint AS total_fen,
       coalesce(sum(c.amount_fen) FILTER (WHERE c.contract_id IS NULL AND c.amount_fen > 0), 0)::bigint
           AS to_reserve_fen,
       line.approved_fen - line.reserved_fen - line.committed_fen - line.spent_fen AS available_fen
FROM claim c JOIN budget_line line ON line.id = c.budget_line_id
JOIN programme ON programme.id = line.programme_id JOIN place district ON district.id = line.place_id
WHERE c.id = ANY ($1)
GROUP BY line.id, district.id, programme.id ORDER BY district.code, programme.id, line.year
"""


async def queue(principal: Principal, asked: ClaimFilter, after: str | None, size: int) -> Queue:
    """Return up to ``size`` claims after a reference, the oldest first, within the officer's places."""
    rows = await database.fetch(_QUEUE, *_values(principal, asked), after, size)
    if not rows:
        return Queue((), 0, 0)
    return Queue(tuple(claim_row(row) for row in rows), rows[0]["matching"], rows[0]["total_fen"])


async def matching_ids(principal: Principal, asked: ClaimFilter) -> list[int]:
    """Return the ids of every claim that matches."""
    rows = await database.fetch(
        f"SELECT c.id FROM {_MATCHING_SOURCE} WHERE {_MATCHING} ORDER BY c.id", *_values(principal, asked)
    )
    return [row["id"] for row in rows]


async def ids_of(principal: Principal, references: Sequence[str]) -> list[int]:
    """Return the ids of named claims; one that is not there, or not the officer's, is not found."""
    wanted = sorted(set(references))
    rows = await database.fetch(
        """SELECT c.id FROM claim c JOIN place ON place.id = c.place_id
           WHERE c.reference = ANY ($2) AND place.code LIKE ANY ($1) ORDER BY c.id""",
        principal.scope(Permission.CLAIM_APPROVE).like_patterns(),
        wanted,
    )
    if len(rows) < len(wanted):
        raise NotFound
    return [row["id"] for row in rows]


async def approval_effects(claim_ids: Sequence[int]) -> list[LineEffect]:
    """Return what approving the claims would take from each budget line."""
    return [LineEffect(**row) for row in await database.fetch(_EFFECTS, list(claim_ids))]


async def waiting_claims(principal: Principal) -> WaitingClaims:
    """Return what waits for the officer."""
    row = await database.fetch_one(
        """SELECT count(*) FILTER (WHERE c.status = 'accrued') AS count,
                  coalesce(sum(c.amount_fen) FILTER (WHERE c.status = 'accrued'), 0)::bigint AS total_fen,
                  min(c.service_day) FILTER (WHERE c.status = 'accrued') AS oldest,
                  count(*) FILTER (WHERE c.status = 'held') AS held
           FROM claim c JOIN place ON place.id = c.place_id
           WHERE c.status IN ('accrued', 'held') AND place.code LIKE ANY ($1)""",
        principal.scope(Permission.CLAIM_APPROVE).like_patterns(),
    )
    return WaitingClaims(**row) if row else WaitingClaims(0, 0, None, 0)


def _values(principal: Principal, asked: ClaimFilter) -> tuple[Any, ...]:
    patterns = principal.scope(Permission.CLAIM_APPROVE).like_patterns()
    return (patterns, asked.district, asked.programme, asked.status, *asked.days)
