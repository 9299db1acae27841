"""Scheduled work: what a job is, which slot is due, and the one way into the queue.

APScheduler is the clock and only enqueues; Procrastinate, a queue inside our PostgreSQL, hands the work to
any number of worker processes (app.core.job_worker). A slot is one planned run: it is claimed in the
database, so two clocks claim it once.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app.core import database
from app.core.clock import SHANGHAI
from app.core.errors import DomainError
from app.core.text import N_

QUEUE = "default"
WAITING_LIMIT = 10  # slots of one job that may wait; a queue nobody drains is not filled for ever
LOOK_BACK = (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=32), timedelta(days=367))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAY = 4

Run = Callable[[datetime], Awaitable[dict[str, Any] | None]]


class UnknownJob(DomainError):
    """No package declares a job of this name."""

    code, status, message = "unknown_job", 404, N_("没有名为“%(name)s”的后台任务。")


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of scheduled work; ``run`` gets the slot's instant and may return what it did, in numbers.

    ``schedule`` is a cron line on Hangzhou's wall clock, a number of seconds, or None for work that runs only
    when it is asked for. A run may happen again after a crash, so it commits in steps that can be resumed.
    """

    name: str
    run: Run
    schedule: str | int | None
    queue: str = QUEUE
    attempts: int = 3

    def __post_init__(self) -> None:
        """Refuse a schedule that would not mean what it says."""
        if isinstance(self.schedule, int) and self.schedule < 1:
            raise ValueError(f"{self.name}: an interval is at least one second")
        if isinstance(self.schedule, str) and re.search(r"\d", self.schedule.split()[_WEEKDAY]):
            raise ValueError(f"{self.name}: name weekdays (mon, tue); APScheduler numbers them unlike cron")

    @property
    def repeats_soon(self) -> bool:
        """Tell whether the next slot makes up for a failed one, so that no attempt is repeated."""
        return isinstance(self.schedule, int)


def catalogue(jobs: Iterable[Job]) -> dict[str, Job]:
    """Return jobs by name; two of one name are a mistake of the code."""
    listed: dict[str, Job] = {}
    for job in jobs:
        if job.name in listed:
            raise ValueError(f"two jobs are named {job.name}")
        listed[job.name] = job
    return listed


def trigger(job: Job) -> CronTrigger | IntervalTrigger | None:
    """Return APScheduler's trigger; intervals are aligned to the epoch, so that all clocks agree on the slots."""
    if job.schedule is None:
        return None
    if isinstance(job.schedule, int):
        return IntervalTrigger(seconds=job.schedule, start_date=EPOCH, timezone=UTC)
    return CronTrigger.from_crontab(job.schedule, timezone=SHANGHAI)


def next_slot(job: Job, now: datetime) -> datetime | None:
    """Return the first slot after ``now``."""
    plan = trigger(job)
    found: datetime | None = plan.get_next_fire_time(None, now + timedelta(microseconds=1)) if plan else None
    return found.astimezone(UTC) if found else None


def latest_slot(job: Job, now: datetime) -> datetime | None:
    """Return the last slot that is not after ``now``, looking back a year at most."""
    plan = trigger(job)
    if plan is None:
        return None
    if isinstance(job.schedule, int):
        return EPOCH + timedelta(seconds=int((now - EPOCH).total_seconds()) // job.schedule * job.schedule)
    for span in LOOK_BACK:
        last: datetime | None = None
        following: datetime | None = plan.get_next_fire_time(None, now - span)
        while following is not None and following <= now:
            last, following = following, plan.get_next_fire_time(following, following)
        if last:
            return last.astimezone(UTC)
    return None


async def enqueue(name: str, *, now: datetime, slot: datetime | None = None, queue: str = QUEUE) -> int | None:
    """Put a job into the queue inside the current transaction; it starts when that commits.

    With ``slot`` this claims the slot: a second call gets None, and rolling back gives the claim back. Slots
    older than the newest claimed one are refused, because procrastinate forgets those. Without ``slot`` the
    job runs once for this call, with ``now`` as its instant.
    """
    if not database.in_transaction():
        raise RuntimeError("a job is enqueued in the transaction that makes it necessary")
    arguments = msgspec.json.encode({"slot": (slot or now).isoformat()}).decode()
    task_id: int | None
    if slot is None:
        task_id = await database.fetch_value(_DEFER_NOW, queue, name, arguments)
        return task_id
    if await database.fetch_value(_WAITING, name) >= WAITING_LIMIT:
        return None
    stamp = int(slot.timestamp())
    if stamp != slot.timestamp():
        raise ValueError("a slot is a whole second")
    task_id = await database.fetch_value(_CLAIM_SLOT, queue, name, stamp, arguments)
    return task_id if task_id else None


async def claim_due(jobs: Iterable[Job], now: datetime) -> int:
    """Claim the latest slot of each job unless it was claimed; at start this catches up what was missed."""
    claimed = 0
    for job in jobs:
        slot = latest_slot(job, now)
        if slot is None:
            continue
        async with database.transaction():
            claimed += await enqueue(job.name, now=now, slot=slot, queue=job.queue) is not None
    return claimed


# The lock is the job's name: two runs of one job never overlap, on whatever machines the workers are.
_CLAIM_SLOT = """
SELECT procrastinate_defer_periodic_job_v2($1, $2, NULL, $2, 0, '', $3, $4::jsonb)
 WHERE NOT EXISTS (SELECT FROM procrastinate_periodic_defers
                    WHERE task_name = $2 AND periodic_id = '' AND defer_timestamp >= $3)"""

_DEFER_NOW = """
SELECT (procrastinate_defer_jobs_v1(ARRAY[
           ROW ($1::text, $2::text, 0, $2::text, NULL, $3::jsonb, NULL)::procrastinate_job_to_defer_v1]))[1]"""

_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = $1 AND status = 'todo'"
