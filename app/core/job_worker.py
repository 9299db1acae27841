"""The worker: takes tasks from Procrastinate's queue, runs our jobs, and rescues what dead workers left.

Procrastinate neither fences nor rescues by itself: a killed worker's task would stay "doing" for ever, and a
worker that was only slow would finish a task that another one holds by then. Nor does it go on with the next run
of a job when one ends, until it looks again: a sign-in code would wait seconds behind each message before it.
All three are closed here.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate import jobs as task_types
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from app.core import clock, job_runs, logging, storage
from app.core.database import transaction
from app.core.job_runs import Outcome, Ticket
from app.core.jobs import Job, enqueue
from app.core.settings import settings

POOLER_POLL = 1.0  # seconds; a pooler in transaction mode passes no notifications on
log = logging.get(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the death of a worker is noticed; all in seconds."""

    heartbeat: float = 10.0
    stalled_after: float = 30.0
    rescue_every: float = 15.0
    poll_every: float = 5.0
    grace: float = 20.0  # a stopping worker lets its tasks run on so long; less than stalled_after


class WorkerStopped(RuntimeError):
    """The worker ended without having been asked to: it lost the database, or one of its loops failed."""


class FencedJobManager(JobManager):
    """Procrastinate's manager, ending a task only while the task is still this worker's."""

    async def finish_job(self, job: task_types.Job, status: task_types.Status, delete_job: bool) -> None:
        """Set the final state, unless the task was given to another worker."""
        await self.connector.execute_query_async(
            query="SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s)" + HELD,
            status=status.value,
            delete_job=delete_job,
            **_holder(job),
        )
        if job.lock:
            await job_runs.wake_for_next(job.lock, job.queue)

    async def retry_job(
        self,
        job: task_types.Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Return the task to the queue, unless it was given to another worker."""
        await self.connector.execute_query_async(
            query="SELECT procrastinate_retry_job_v2(id, %(retry_at)s, %(priority)s, %(queue)s, %(lock)s)" + HELD,
            retry_at=retry_at,
            priority=priority,
            queue=queue,
            lock=lock,
            **_holder(job),
        )


HELD = """ FROM (SELECT id FROM procrastinate_jobs
                  WHERE id = %(task_id)s AND worker_id = %(worker_id)s AND attempts = %(attempts)s
                    AND status = 'doing' FOR UPDATE) held"""


def _holder(job: task_types.Job) -> dict[str, Any]:
    return {"task_id": job.id, "worker_id": job.worker_id, "attempts": job.attempts}


class Retrying(BaseRetryStrategy):
    """What a stopping worker returns runs again at once; a failure is tried again after 10 s, 40 s, 160 s."""

    def __init__(self, job: Job) -> None:
        """Keep the job whose tasks this decides on."""
        self.job = job

    def get_retry_decision(self, *, exception: BaseException, job: task_types.Job) -> RetryDecision | None:
        """Return when to run the task again, or None to leave it failed."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if self.job.repeats_soon or job.attempts + 1 >= self.job.attempts:
            return None
        return RetryDecision(retry_in={"seconds": 10 * 4**job.attempts})


def queue_app(jobs: Mapping[str, Job]) -> procrastinate.App:
    """Return Procrastinate's app with one task per job."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(**_connection()))
    app.job_manager = FencedJobManager(app.connector)
    for job in jobs.values():
        app.task(name=job.name, queue=job.queue, pass_context=True, retry=Retrying(job))(_body(job))
    return app


async def work(jobs: Mapping[str, Job], stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Work until ``stop`` is set, then finish or return what runs. The asyncpg pool is open already."""
    pace = pace or Pace()
    async with queue_app(jobs).open_async() as app:
        loops = {
            asyncio.create_task(
                app.run_worker_async(
                    name=worker_name(),
                    concurrency=int(settings().pool_size) // 2 or 1,
                    install_signal_handlers=False,
                    delete_jobs=task_types.DeleteJobCondition.SUCCESSFUL,
                    fetch_job_polling_interval=POOLER_POLL if settings().pooler else pace.poll_every,
                    update_heartbeat_interval=pace.heartbeat,
                    stalled_worker_timeout=pace.stalled_after,
                    shutdown_graceful_timeout=pace.grace,
                    listen_notify=not settings().pooler,
                )
            ),
            asyncio.create_task(_rescue_regularly(app, pace)),
        }
        asked = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({asked, *loops}, return_when=asyncio.FIRST_COMPLETED)
        for loop in {asked, *loops}:
            loop.cancel()
        await asyncio.gather(asked, *loops, return_exceptions=True)
    if asked not in done:
        reason = next(iter(done)).exception()
        raise WorkerStopped(logging.described(reason) if reason else "a loop of the worker ended") from reason


async def run_now(jobs: Mapping[str, Job], job: Job) -> Outcome:
    """Run one job through the queue and wait for its end; a worker that already runs may take it.

    It waits where another run of the same job is under way, for two never overlap.
    """
    queue, now = f"asked-by-{worker_name()}", clock.now()
    async with transaction():
        await enqueue(job.name, now=now, queue=queue)
    async with queue_app(jobs).open_async() as app:
        while True:
            await app.run_worker_async(
                queues=[queue],
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                delete_jobs=task_types.DeleteJobCondition.SUCCESSFUL,
            )
            outcome = await job_runs.outcome(job.name, now)
            if outcome:
                return outcome
            await asyncio.sleep(0.5)


async def rescue_stalled(app: procrastinate.App, seconds_since_heartbeat: float) -> int:
    """Queue again what workers without a heartbeat left behind; return how many tasks."""
    rescued = 0
    for task in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds_since_heartbeat):
        slot = datetime.fromisoformat(str(task.task_kwargs["slot"]))
        ticket = Ticket(task.id or 0, task.worker_id, task.attempts)
        if await job_runs.rescue(ticket, task.task_name, slot, task.queue):
            log.warning("task_rescued", job=task.task_name, slot=slot.isoformat(), task=task.id)
            rescued += 1
    return rescued


def worker_name() -> str:
    """Return how runs name this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def _rescue_regularly(app: procrastinate.App, pace: Pace) -> None:
    while True:
        await rescue_stalled(app, pace.stalled_after)
        await asyncio.sleep(pace.rescue_every)


def _body(job: Job) -> Any:
    async def perform(context: procrastinate.JobContext, slot: str) -> None:
        instant = datetime.fromisoformat(slot)
        task = context.job
        ticket = Ticket(task.id or 0, task.worker_id, task.attempts)
        attempt = await job_runs.begin(job.name, instant, ticket, worker_name())
        if attempt is None:
            return
        try:
            result = await job.run(instant)
        except asyncio.CancelledError:
            await job_runs.give_back(attempt)
            raise
        except Exception as error:
            await job_runs.fail(attempt, error)
            raise
        if not await job_runs.succeed(attempt, result):
            log.warning("late_result_dropped", job=job.name, slot=slot)
            return
        await job_runs.forget_repeats(job.name, instant)

    return perform


def _connection() -> dict[str, Any]:
    """Return the pool's arguments: the application's own address and role."""
    given: dict[str, Any] = {"application_name": "fahui-worker"}
    if storage.assumed_role():
        given["options"] = f"-c role={storage.assumed_role()}"
    if settings().pooler:
        given["prepare_threshold"] = None
    return {"conninfo": storage.application_dsn(), "kwargs": given, "min_size": 1, "max_size": 4, "timeout": 30}
