"""Composition root of the scheduled work: one process is a clock and a worker, and any number may run."""

import asyncio
import signal
import sys
from collections.abc import Iterable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app import composition
from app.core import clock, jobs, logging, storage
from app.core.job_worker import Pace, work
from app.core.jobs import Job
from app.operations import status

log = logging.get("app.scheduler")


def all_jobs() -> dict[str, Job]:
    """Return every package's jobs by name, with what they need registered."""
    composition.compose()
    return status.all_jobs()


async def run(given: Mapping[str, Job], *, with_clock: bool = True, pace: Pace | None = None) -> None:
    """Run clock and worker in this process until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with storage.opened():
        ticking = start_clock(given.values()) if with_clock else None
        try:
            if with_clock:
                caught_up = await jobs.claim_due(given.values(), clock.now())
                log.info("clock_started", jobs=len(given), caught_up=caught_up)
            await work(given, stop, pace)
        finally:
            if ticking:
                ticking.shutdown(wait=False)
    log.info("worker_stopped")


def start_clock(given: Iterable[Job]) -> AsyncIOScheduler:
    """Start the clock: at each slot of each job it claims the slot in the database, and nothing more."""
    ticking = AsyncIOScheduler(
        job_defaults={"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}, timezone="UTC"
    )
    for job in given:
        plan = jobs.trigger(job)
        if plan:
            ticking.add_job(_tick, plan, args=[job], id=job.name)
    ticking.start()
    return ticking


async def _tick(job: Job) -> None:
    await jobs.claim_due([job], clock.now())


def main() -> None:
    """Run as the supervisor's child: clock and worker, the database server being the parent's business."""
    logging.configure("worker")
    try:
        asyncio.run(run(all_jobs()))
    except Exception:  # whatever it was, the log tells it without personal data and the supervisor starts anew
        log.exception("worker_failed")
        sys.exit(1)


if __name__ == "__main__":
    main()
