"""Reading dispatch runs: what waits, what was planned, who goes where, which seats stay empty and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound

STALE = timedelta(minutes=2)
"""How far beyond its time limit a solve may be before another worker takes it over."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with what pages show of it; the vector's levels are those of the dispatch format."""

    public_id: UUID
    place_code: str
    place_zh: str
    place_en: str
    week_start: date
    status: str
    vector: list[int] | None
    greedy_vector: list[int] | None
    solver_status: str
    solver_ms: int | None
    error: str
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class GapView:
    """A position with empty seats and what keeps people away."""

    reference: str
    title_zh: str
    title_en: str
    place_zh: str
    place_en: str
    starts: datetime
    empty_seats: int
    held: bool
    reason: str
    refusals: dict[str, int]


_RUN = """
SELECT r.public_id, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, r.week_start,
       r.status, r.vector, r.greedy_vector, r.solver_status, r.solver_ms, r.error, r.created_at, r.published_at
FROM dispatch_run r JOIN place ON place.id = r.place_id
"""


async def waiting_runs(now: datetime) -> list[UUID]:
    """Return runs that nobody works on, the oldest first."""
    rows = await database.fetch(
        """SELECT public_id FROM dispatch_run
           WHERE status = 'queued' OR status = 'solving'
             AND created_at + make_interval(secs => time_limit_s) + $2::interval < $1
           ORDER BY id""",
        now,
        STALE,
    )
    return [row["public_id"] for row in rows]


async def runs(principal: Principal, limit: int = 50) -> list[RunView]:
    """List the runs of the planner's places, the newest first."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(
        f"{_RUN} WHERE place.code LIKE ANY ($1) ORDER BY r.id DESC LIMIT $2", scope.like_patterns(), limit
    )
    return [RunView(**row) for row in rows]


async def run_view(principal: Principal, run: UUID) -> RunView:
    """Return one run of the planner's places."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    row = await database.fetch_one(f"{_RUN} WHERE r.public_id = $1", run)
    if row is None or not scope.covers_place(row["place_code"]):
        raise NotFound
    return RunView(**row)


async def gaps_of(run: UUID, limit: int = 200) -> list[GapView]:
    """Return the empty seats of a run: shifts that cannot be held first, the green channel before all."""
    rows = await database.fetch(
        """SELECT a.reference, a.title_zh, a.title_en, place.name_zh AS place_zh, place.name_en AS place_en, a.starts,
                  g.empty_seats, g.held, g.reason, g.refusals::text AS refusals
           FROM dispatch_gap g JOIN dispatch_run r ON r.id = g.run_id JOIN position p ON p.id = g.position_id
           JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
           WHERE r.public_id = $1 ORDER BY g.held, a.green DESC, a.starts, g.id LIMIT $2""",
        run,
        limit,
    )
    return [GapView(**{**row, "refusals": _counts(row["refusals"])}) for row in rows]


async def gap_causes(run: UUID) -> list[tuple[str, int]]:
    """Return how many seats stay empty for which reason, the most frequent first."""
    rows = await database.fetch(
        """SELECT g.reason, sum(g.empty_seats)::integer AS seats FROM dispatch_gap g
           JOIN dispatch_run r ON r.id = g.run_id WHERE r.public_id = $1 GROUP BY g.reason ORDER BY seats DESC""",
        run,
    )
    return [(row["reason"], row["seats"]) for row in rows]


def _counts(text: str) -> dict[str, int]:
    counted: dict[str, int] = database.decoded(text, dict[str, int])
    return counted
