"""Runs that wait are solved one after the other."""

from datetime import datetime
from typing import Any

from volunteers.dispatch import queries, service


async def solve_waiting_runs(now: datetime) -> dict[str, Any]:
    """Solve every run that waits, also one whose worker died."""
    waiting = await queries.waiting_runs(now)
    return {"solved": [str(run) for run in waiting if await service.solve_run(run)]}
