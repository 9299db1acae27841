"""What an operator does."""

from datetime import datetime, timedelta
from typing import Any

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.jobs import Job, enqueue

ROUTINE_KEPT = timedelta(days=7)
RUNS_KEPT = timedelta(days=400)


async def ask_for(principal: Principal, job: Job) -> int:
    """Put one more run of a job into the queue, now; return the task's id."""
    principal.scope(Permission.JOBS_OPERATE)
    async with transaction():
        task_id = await enqueue(job.name, now=clock.now(), queue=job.queue)
        await audit.record(principal, "job:asked", "procrastinate_jobs", task_id or 0, job=job.name)
    return task_id or 0


async def tidy_runs(now: datetime, routine: list[str]) -> dict[str, Any]:
    """Forget old runs: those of the frequent jobs after a week, all others and given-up tasks after 400 days.

    The last run of each job stays, so that the operator's page always has one to show.
    """
    async with transaction():
        runs = await database.execute(
            """DELETE FROM job_run run
                WHERE (started_at < $1 OR (started_at < $2 AND status = 'succeeded' AND job = ANY($3)))
                  AND EXISTS (SELECT FROM job_run later
                               WHERE later.job = run.job AND later.started_at > run.started_at)""",
            *(now - RUNS_KEPT, now - ROUTINE_KEPT, routine),
        )
        tasks = await database.execute(
            """DELETE FROM procrastinate_jobs task WHERE status IN ('failed', 'aborted', 'cancelled')
                  AND NOT EXISTS (SELECT FROM procrastinate_events event
                                   WHERE event.job_id = task.id AND event.at > $1)""",
            now - RUNS_KEPT,
        )
    return {"runs": runs, "tasks": tasks}
