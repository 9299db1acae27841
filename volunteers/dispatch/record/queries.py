"""Reading what a run remembers of itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from volunteers.dispatch.input.store import KEPT_WEEKS
from volunteers.dispatch.rules import RunKind
from volunteers.dispatch.settings.rules import Settings

_RECORD = """
SELECT r.kind, coalesce(account.display_name, '') AS asked_by, r.parameters::text AS parameters, r.vector,
       r.bounds::text AS bounds, r.solver_status, r.fence AS attempts, r.started_at, r.solved_at, r.week_start,
       parent.public_id AS parent, previous.public_id AS previous, encode(r.instance_sha256, 'hex') AS digest,
       EXISTS (SELECT FROM dispatch_input i WHERE i.sha256 = r.instance_sha256) AS input_kept
FROM dispatch_run r LEFT JOIN account ON account.id = r.created_by
LEFT JOIN dispatch_run parent ON parent.id = r.parent_id
LEFT JOIN dispatch_run previous ON previous.id = r.previous_id
WHERE r.public_id = $1
"""
_LOG = """
SELECT s.number, s.stage, s.vector, s.bounds, s.milliseconds FROM dispatch_progress s
JOIN dispatch_run r ON r.id = s.run_id AND r.fence = s.attempt
WHERE r.public_id = $1 AND s.number > $2 ORDER BY s.number LIMIT $3
"""
_LATEST = """
SELECT s.number, s.stage, s.vector, s.bounds, s.milliseconds FROM dispatch_progress s
JOIN dispatch_run r ON r.id = s.run_id AND r.fence = s.attempt
WHERE r.public_id = $1 ORDER BY s.number DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What was asked for, by whom (empty: the clock), and what is proven of the answer, level by level."""

    kind: RunKind
    asked_by: str
    settings: Settings | None
    vector: list[int] | None
    bounds: list[int | None]
    solver_status: str
    attempts: int
    started_at: datetime | None
    solved_at: datetime | None
    parent: UUID | None
    previous: UUID | None
    digest: str
    input_kept: bool
    input_until: date


@dataclass(frozen=True, slots=True)
class Step:
    """A better plan, or more of it proven, so many milliseconds after the start."""

    number: int
    stage: str
    vector: list[int]
    bounds: list[int | None]
    milliseconds: int


async def record_of(run: UUID) -> RunRecord:
    """Return what a run remembers; who may see the run is asked before."""
    row = await database.fetch_one(_RECORD, run)
    if row is None:
        raise NotFound
    parameters, week_start, bounds = row.pop("parameters"), row.pop("week_start"), row.pop("bounds")
    given = database.decoded(parameters, dict[str, Any])
    proven = database.decoded(bounds, object)
    return RunRecord(
        **{**row, "kind": RunKind(row["kind"]), "digest": row["digest"] or ""},
        settings=database.decoded(parameters, Settings) if given else None,
        bounds=proven if isinstance(proven, list) else [],
        input_until=week_start + timedelta(weeks=KEPT_WEEKS + 1),
    )


async def log_of(run: UUID, after: int = 0, limit: int = 5_000) -> list[Step]:
    """Return how the search of the latest attempt went, in its order."""
    return [Step(**row) for row in await database.fetch(_LOG, run, after, limit)]


async def latest_step(run: UUID) -> Step | None:
    """Return the best plan so far of a search that goes on."""
    row = await database.fetch_one(_LATEST, run)
    return Step(**row) if row else None
