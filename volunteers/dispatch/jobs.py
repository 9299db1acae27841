"""Runs that wait are solved one after the other; what somebody waits for has a lane of its own."""

from datetime import datetime
from typing import Any

from app.core import clock
from app.core.jobs import Job
from volunteers.dispatch import queries
from volunteers.dispatch.input import store
from volunteers.dispatch.rules import URGENT, RunStatus
from volunteers.dispatch.solving.service import solve_run


async def solve_waiting_runs(now: datetime) -> dict[str, Any]:
    """Solve every run that waits, also one whose worker died."""
    waiting = await queries.waiting_runs(now)
    return {"solved": [str(run) for run in waiting if await solve_run(run) is RunStatus.SOLVED]}


async def solve_urgent_runs(now: datetime) -> dict[str, Any]:
    """Solve what somebody waits for, while the clock's own runs go on."""
    waiting = await queries.waiting_runs(now, URGENT)
    return {"solved": [str(run) for run in waiting if await solve_run(run) is RunStatus.SOLVED]}


async def remove_old_inputs(now: datetime) -> dict[str, Any]:
    """Remove what runs of weeks long past were solved from."""
    return {"removed": await store.remove_old(clock.local(now).date())}


JOBS: list[Job] = [
    Job("volunteers.solve_waiting_runs", solve_waiting_runs, 15),
    Job("volunteers.solve_urgent_runs", solve_urgent_runs, 15),
    Job("volunteers.remove_old_inputs", remove_old_inputs, "10 4 * * *"),
]
