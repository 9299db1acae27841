"""The whole state of the installation as the operator's page shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import packages
from app.core.audit_verify import Tail, unsealed_tail
from app.core.jobs import Job, UnknownJob, catalogue
from app.operations import queries
from app.operations.queries import JobLine, Queue, Run, Worker

HEART_LIMIT, TAIL_LIMIT = timedelta(minutes=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Status:
    """One look at everything."""

    jobs: list[JobLine]
    failures: list[Run]
    workers: list[Worker]
    queue: Queue
    tail: Tail

    @property
    def heartbeat(self) -> timedelta | None:
        """Return how long ago the liveliest worker gave a sign."""
        return self.workers[0].silent_for if self.workers else None

    @property
    def alive(self) -> bool:
        """Tell whether a worker lives."""
        return self.heartbeat is not None and self.heartbeat <= HEART_LIMIT

    @property
    def sealing(self) -> bool:
        """Tell whether the audit chain keeps up."""
        return self.tail.age <= TAIL_LIMIT

    @property
    def healthy(self) -> bool:
        """Tell whether nothing needs the operator."""
        last_ones = [line.last.status for line in self.jobs if line.last]
        return self.alive and self.sealing and "failed" not in last_ones


async def look(now: datetime) -> Status:
    """Return the state of jobs, workers, queue and audit chain."""
    lines = await queries.job_lines(all_jobs().values(), now)
    return Status(
        sorted(lines, key=lambda line: not (line.last and line.last.status == "failed")),
        await queries.recent_failures(),
        await queries.workers(),
        await queries.queue(),
        await unsealed_tail(),
    )


def all_jobs() -> dict[str, Job]:
    """Return every package's jobs by name."""
    return catalogue(packages.listed("JOBS"))


def job_named(name: str) -> Job:
    """Return a job, or refuse a name nobody declared."""
    found = all_jobs().get(name)
    if found is None:
        raise UnknownJob(name=name)
    return found
