"""A clock and worker, or a worker alone, as a process of its own: ``python -m tests.app.core.job_process``.

Its two jobs write down that they ran; the first run of ``slow`` never ends by itself, so that it can be killed.
"""

import asyncio
import os
import sys
from datetime import datetime

from app import scheduler
from app.core import database, jobs, logging
from app.core.job_worker import Pace
from app.core.jobs import Job


async def note(job: str, slot: datetime) -> int:
    """Write down a run and return how many this slot had."""
    await database.execute("INSERT INTO noted (job, slot, pid) VALUES ($1, $2, $3)", job, slot, os.getpid())
    return int(await database.fetch_value("SELECT count(*) FROM noted WHERE job = $1 AND slot = $2", job, slot))


async def tick(now: datetime) -> dict[str, int]:
    """Run every second."""
    return {"runs": await note("tick", now)}


async def slow(now: datetime) -> dict[str, int]:
    """Hang the first time."""
    runs = await note("slow", now)
    if runs == 1:
        await asyncio.sleep(600)
    return {"runs": runs}


JOBS = jobs.catalogue([Job("tick", tick, schedule=1), Job("slow", slow, schedule=None)])


def main() -> None:
    """Run until stopped: ``clock|worker heartbeat stalled_after rescue_every grace``."""
    kind, *paces = sys.argv[1:]
    heartbeat, stalled_after, rescue_every, grace = map(float, paces)
    pace = Pace(heartbeat=heartbeat, stalled_after=stalled_after, rescue_every=rescue_every, grace=grace)
    logging.configure(kind)
    asyncio.run(scheduler.run(JOBS, with_clock=kind == "clock", pace=pace))


if __name__ == "__main__":
    main()
