"""The record of every run, fenced: a worker that was given up for dead cannot write its result any more.

The fence is procrastinate's row of the task: it names the worker and counts the attempts. Beginning and
finishing look at it in the same transaction in which they write, and so does the rescue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.core import clock, database
from app.core.database import transaction
from app.core.logging import described

ATTEMPTS_LIMIT = 5  # a task that has killed so many workers is not given to a sixth


@dataclass(frozen=True, slots=True)
class Ticket:
    """A task as one worker holds it: the fence."""

    task_id: int
    worker_id: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One started run."""

    run_id: int
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: str
    result: str
    error: str


async def outcome(job: str, slot: datetime) -> Outcome | None:
    """Return how the last attempt at a slot ended; None while it waits or runs."""
    row = await database.fetch_one(
        "SELECT status, result::text AS result, error FROM job_run WHERE job = $1 AND slot = $2"
        " AND status <> 'running' ORDER BY attempt DESC LIMIT 1",
        *(job, slot),
    )
    return Outcome(**row) if row else None


async def begin(job: str, slot: datetime, ticket: Ticket, worker: str) -> Attempt | None:
    """Record that a run starts; None when the slot is done already or the task is somebody else's now."""
    async with transaction():
        if not await _holds(ticket):
            return None
        run_id = await database.fetch_value(
            """INSERT INTO job_run (job, slot, attempt, status, worker, started_at)
               SELECT $1, $2, coalesce(max(attempt), 0) + 1, 'running', $3, $4 FROM job_run
                WHERE job = $1 AND slot = $2 HAVING count(*) FILTER (WHERE status = 'succeeded') = 0
               RETURNING id""",
            *(job, slot, worker, clock.now()),
        )
    return Attempt(run_id, ticket) if run_id else None


async def succeed(attempt: Attempt, result: dict[str, Any] | None) -> bool:
    """Record the result; False when the attempt is no longer the current one."""
    return await _finish(attempt, "succeeded", msgspec.json.encode(result or {}).decode(), "")


async def forget_repeats(job: str, slot: datetime) -> None:
    """Take out of the queue what waits for a slot that is done: it would not be begun again."""
    await database.execute(
        """DELETE FROM procrastinate_jobs
            WHERE task_name = $1 AND status = 'todo' AND (args->>'slot')::timestamptz = $2""",
        *(job, slot),
    )


async def fail(attempt: Attempt, error: BaseException) -> bool:
    """Record the failure, without what a person may have typed."""
    return await _finish(attempt, "failed", "{}", described(error))


async def give_back(attempt: Attempt) -> bool:
    """Record that a stopping worker returned its task."""
    return await _finish(attempt, "lost", "{}", "the worker was asked to stop")


async def rescue(ticket: Ticket, job: str, slot: datetime, queue: str) -> bool:
    """Take a task from a worker whose heart stopped and queue it again; False when another rescuer was faster."""
    async with transaction():
        if not await _holds(ticket):
            return False
        await database.execute(
            "UPDATE job_run SET status = 'lost', finished_at = $3, error = 'the worker stopped without a word'"
            " WHERE job = $1 AND slot = $2 AND status = 'running'",
            *(job, slot, clock.now()),
        )
        if ticket.attempts + 1 < ATTEMPTS_LIMIT:
            await database.fetch("SELECT procrastinate_retry_job_v2($1, now(), NULL, NULL, NULL)", ticket.task_id)
            await _wake_workers(queue)
        else:
            await database.fetch("SELECT procrastinate_finish_job_v1($1, 'failed', false)", ticket.task_id)
    return True


async def wake_for_next(job: str, queue: str) -> None:
    """Announce the run of a job that waited for another one to end."""
    if await database.fetch_value(
        "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = $1 AND status = 'todo')", job
    ):
        await _wake_workers(queue)


async def _wake_workers(queue: str) -> None:
    """Announce the task as procrastinate's trigger does for a new one; others it announces to nobody."""
    await database.fetch(
        "SELECT pg_notify(channel, $2) FROM unnest($1::text[]) channel",
        ["procrastinate_any_queue_v1", f"procrastinate_queue_v1#{queue}"],
        '{"type": "job_inserted", "job_id": 0}',
    )


async def _finish(attempt: Attempt, status: str, result: str, error: str) -> bool:
    async with transaction():
        if not await _holds(attempt.ticket):
            return False
        return bool(
            await database.execute(
                "UPDATE job_run SET status = $2, result = $3::jsonb, error = $4, finished_at = $5"
                " WHERE id = $1 AND status = 'running'",
                *(attempt.run_id, status, result, error, clock.now()),
            )
        )


async def _holds(ticket: Ticket) -> bool:
    """Tell whether the task is still this worker's, and keep it so until the transaction ends."""
    held = await database.fetch_value(
        "SELECT true FROM procrastinate_jobs WHERE id = $1 AND worker_id IS NOT DISTINCT FROM $2 AND attempts = $3"
        " AND status = 'doing' FOR UPDATE",
        *(ticket.task_id, ticket.worker_id, ticket.attempts),
    )
    return bool(held)
