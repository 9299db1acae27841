"""A run's input and plan, as the engine sees them: what every explanation is worked out from."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Instance
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.engine.validation import standing_pins
from volunteers.dispatch.input import store
from volunteers.dispatch.week import bounds_of

Answer = TypeVar("Answer")

_ROWS = """
SELECT p.assignment_id, d.position_id, d.person_id FROM dispatch_proposal d JOIN position p ON p.id = d.position_id
WHERE d.run_id = $1 AND NOT d.pinned ORDER BY d.id
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Which plan an explanation speaks of."""

    run_id: int
    run: UUID
    digest: bytes
    begins: datetime

    def instant(self, minute: int) -> datetime:
        """Return the instant of a minute of the plan's week."""
        return self.begins + timedelta(minutes=minute)


async def source_of(run: UUID) -> Source:
    """Return a run's plan; one that has none yet is not found. Who may see it is asked before."""
    row = await database.fetch_one(
        """SELECT id AS run_id, public_id AS run, instance_sha256 AS digest, week_start FROM dispatch_run
           WHERE public_id = $1 AND vector IS NOT NULL AND instance_sha256 IS NOT NULL""",
        run,
    )
    if row is None:
        raise NotFound
    return source(row)


def source(row: database.Row) -> Source:
    """Return what a row of a run says (run_id, run, digest, week_start)."""
    return Source(row["run_id"], row["run"], row["digest"], bounds_of(row["week_start"])[0])


async def staffing_of(given: Source) -> Staffing:
    """Return the plan with its input; refused when the input has been removed (store.InputIsGone)."""
    instance = await store.read(given.digest)
    rows = await database.fetch(_ROWS, given.run_id)
    planned = [Assignment(str(r["assignment_id"]), str(r["position_id"]), str(r["person_id"])) for r in rows]
    return await asyncio.to_thread(_staffing, instance, planned)


async def worked_out(function: Callable[..., Answer], *arguments: object) -> Answer:
    """Work something out beside the event loop: some hundred milliseconds for a city."""
    return await asyncio.to_thread(function, *arguments)


def _staffing(instance: Instance, planned: list[Assignment]) -> Staffing:
    """The plan is what the run proposes and every sign-up that stood then."""
    directory = Directory.of(instance)
    kept = [row for _, row in standing_pins(instance, directory)]
    return Staffing(instance, [*kept, *planned], directory)
