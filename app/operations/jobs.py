"""The frame's own scheduled work."""

from datetime import datetime
from typing import Any

from app import packages
from app.core.audit_chain import seal_audit, seal_audit_fully
from app.core.jobs import Job
from app.operations import service


async def tidy_job_runs(now: datetime) -> dict[str, Any]:
    """Forget old runs of jobs."""
    return await service.tidy_runs(now, [job.name for job in packages.listed("JOBS") if job.repeats_soon])


JOBS = [
    Job("seal_audit", seal_audit, 5),
    Job("publish_audit_head", seal_audit_fully, "5 0 * * *"),
    Job("tidy_job_runs", tidy_job_runs, "20 3 * * *"),
]
