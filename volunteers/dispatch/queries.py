"""Reading dispatch runs: what waits, what was planned, who goes where, which seats stay empty and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.dispatch.rules import STALE, UNPUBLISHED, URGENT, RunKind


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with what pages show of it; the vector's levels are those of the dispatch format."""

    public_id: UUID
    kind: RunKind
    place_code: str
    place_zh: str
    place_en: str
    week_start: date
    time_limit_s: int
    status: str
    vector: list[int] | None
    greedy_vector: list[int] | None
    solver_status: str
    solver_ms: int | None
    error: str
    created_at: datetime
    approved_by: str
    approved_at: datetime | None
    published_at: datetime | None
    sends_nobody: bool


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run's proposals come to: seats filled, of them kept sign-ups, people sent, outcomes of publishing."""

    seats: int
    people: int
    kept: int
    sent: int
    refused: int


@dataclass(frozen=True, slots=True)
class GapView:
    """A position with empty seats and what keeps people away."""

    reference: str
    number: int
    role_zh: str
    role_en: str
    title_zh: str
    title_en: str
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    starts: datetime
    empty_seats: int
    held: bool
    reason: str
    refusals: dict[str, int]


GapKey = tuple[bool, bool, datetime, str, int]
"""Where a gap stands in the list: held, not green, start, the assignment's reference, the position's number."""


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A place whose week one may plan."""

    code: str
    name_zh: str
    name_en: str


_RUN = """
SELECT r.public_id, r.kind, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       r.week_start, r.time_limit_s, r.status, r.vector, r.greedy_vector, r.solver_status, r.solver_ms, r.error,
       r.created_at, coalesce(approver.display_name, '') AS approved_by, r.approved_at, r.published_at,
       r.previous_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM dispatch_proposal d
           WHERE d.run_id = r.id AND NOT d.pinned AND d.outcome <> 'taken') AS sends_nobody
FROM dispatch_run r JOIN place ON place.id = r.place_id
LEFT JOIN account approver ON approver.id = r.approved_by
"""


async def waiting_runs(now: datetime, kinds: Sequence[RunKind] = tuple(RunKind)) -> list[UUID]:
    """Return runs of some kinds that nobody works on: what somebody waits for first, then the oldest."""
    rows = await database.fetch(
        """SELECT public_id FROM dispatch_run
           WHERE kind = ANY ($3)
             AND (status = 'queued' OR status = 'solving' AND coalesce(alive_at, created_at) + $2::interval < $1)
           ORDER BY array_position($3, kind), id""",
        now,
        STALE,
        sorted(kinds, key=lambda kind: (kind not in URGENT, kind)),
    )
    return [row["public_id"] for row in rows]


async def runs(principal: Principal, after: tuple[datetime, UUID] | None = None, limit: int = 51) -> list[RunView]:
    """List the runs of the planner's places, the newest first."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(
        f"""{_RUN} WHERE place.code LIKE ANY ($1)
              AND r.kind <> 'what_if' AND ($2::timestamptz IS NULL OR (r.created_at, r.public_id) < ($2, $3))
            ORDER BY r.created_at DESC, r.public_id DESC LIMIT $4""",
        scope.like_patterns(),
        *(after or (None, None)),
        limit,
    )
    return [_view(row) for row in rows]


async def unpublished_runs(principal: Principal, limit: int) -> list[RunView]:
    """List solved plans of weeks that are not over, the latest of each place and week: somebody must publish them."""
    scope = principal.scope(Permission.DISPATCH_PUBLISH)
    rows = await database.fetch(
        f"""SELECT DISTINCT ON (run.week_start, run.place_code) * FROM ({_RUN}
            WHERE place.code LIKE ANY ($1) AND r.week_start > $2 AND r.status IN ('solved', 'approved', 'published')
              AND r.kind <> 'what_if') run
            ORDER BY run.week_start, run.place_code, run.created_at DESC""",
        scope.like_patterns(),
        clock.today() - timedelta(days=7),
    )
    return [_view(row) for row in rows if row["status"] in UNPUBLISHED][:limit]


async def run_view(principal: Principal, run: UUID) -> RunView:
    """Return one run of the planner's places."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    row = await database.fetch_one(f"{_RUN} WHERE r.public_id = $1", run)
    if row is None or not scope.covers_place(row["place_code"]):
        raise NotFound
    return _view(row)


async def plannable_places(principal: Principal) -> list[PlannedPlace]:
    """Return the planner's places and those directly below; a village's week is planned with its town's."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place
           WHERE level <> 'village'
             AND (code = ANY ($1) OR parent_id IN (SELECT id FROM place WHERE code = ANY ($1))) ORDER BY code""",
        list(scope.place_codes),
    )
    return [PlannedPlace(**row) for row in rows]


async def run_figures(run: UUID) -> RunFigures:
    """Return what a run's proposals come to."""
    row = await database.fetch_one(
        """SELECT count(*) AS seats, count(DISTINCT d.person_id) AS people, count(*) FILTER (WHERE d.pinned) AS kept,
                  count(*) FILTER (WHERE d.outcome = 'sent') AS sent,
                  count(*) FILTER (WHERE d.outcome = 'refused') AS refused
           FROM dispatch_proposal d JOIN dispatch_run r ON r.id = d.run_id
           WHERE r.public_id = $1 AND d.outcome <> 'taken'""",
        run,
    )
    assert row is not None  # noqa: S101 - counts without GROUP BY always have their one row
    return RunFigures(**row)


async def gaps_of(
    run: UUID, after: GapKey | None = None, limit: int = 51, reasons: Sequence[str] | None = None
) -> list[GapView]:
    """Return the empty seats of a run, for some reasons only if given.

    Shifts that cannot be held come first, the green channel before all.
    """
    rows = await database.fetch(
        """SELECT a.reference, p.number, p.role_zh, p.role_en, a.title_zh, a.title_en, a.green, a.starts,
                  place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
                  g.empty_seats, g.held, g.reason, g.refusals::text AS refusals
           FROM dispatch_gap g JOIN dispatch_run r ON r.id = g.run_id JOIN position p ON p.id = g.position_id
           JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
           WHERE r.public_id = $1 AND ($8::text[] IS NULL OR g.reason = ANY ($8))
             AND ($2::boolean IS NULL OR (g.held, NOT a.green, a.starts, a.reference, p.number) > ($2, $3, $4, $5, $6))
           ORDER BY g.held, NOT a.green, a.starts, a.reference, p.number LIMIT $7""",
        run,
        *(after or (None,) * 5),
        limit,
        reasons,
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


def _view(row: database.Row) -> RunView:
    return RunView(**{**row, "kind": RunKind(row["kind"])})


def _counts(text: str) -> dict[str, int]:
    counted: dict[str, int] = database.decoded(text, dict[str, int])
    return counted
