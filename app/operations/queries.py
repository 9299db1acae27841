"""What an operator looks at, one statement per question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core import database
from app.core.audit_chain import HEAD_TOPIC
from app.core.jobs import Job, next_slot


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a slot."""

    job: str
    slot: datetime
    attempt: int
    status: str
    worker: str
    started_at: datetime
    finished_at: datetime | None
    error: str

    @property
    def seconds(self) -> float | None:
        """Return how long it took."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: what is planned, what was last, how often it failed within a day."""

    name: str
    schedule: str | int | None
    next_slot: datetime | None
    last: Run | None
    failures: int

    @property
    def schedule_text(self) -> str:
        """Return the schedule as the command line shows it."""
        if self.schedule is None:
            return "on request"
        return f"every {self.schedule} s" if isinstance(self.schedule, int) else self.schedule


@dataclass(frozen=True, slots=True)
class Worker:
    """A registered worker process: how long its heart has been silent, and what it holds."""

    id: int
    silent_for: timedelta
    running: int


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits, runs and was given up."""

    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One audit event of one thing, for its page."""

    at: datetime
    actor: str
    actor_kind: str
    action: str
    detail: dict[str, Any]
    batch: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """A published head of the audit chain."""

    published_at: datetime
    number: int
    events: int
    sha256: str


async def job_lines(jobs: Iterable[Job], now: datetime) -> list[JobLine]:
    """Return one line per job, in the order given."""
    listed = list(jobs)
    rows = await database.fetch(_LAST_RUNS, [job.name for job in listed], now - timedelta(days=1))
    seen = {row.pop("name"): row for row in rows}
    return [_line(job, seen[job.name], now) for job in listed]


async def recent_failures(limit: int = 20) -> list[Run]:
    """Return the last runs that failed or were lost, newest first."""
    rows = await database.fetch(
        f"SELECT {_RUN} FROM job_run run WHERE status IN ('failed', 'lost') ORDER BY id DESC LIMIT $1", limit
    )
    return [Run(**row) for row in rows]


async def workers() -> list[Worker]:
    """Return the registered workers, the liveliest first."""
    rows = await database.fetch(
        """SELECT worker.id, greatest(now() - worker.last_heartbeat, interval '0') AS silent_for,
                  count(task.id) AS running
             FROM procrastinate_workers worker
             LEFT JOIN procrastinate_jobs task ON task.worker_id = worker.id AND task.status = 'doing'
            GROUP BY worker.id ORDER BY silent_for"""
    )
    return [Worker(**row) for row in rows]


async def queue() -> Queue:
    """Return the queue's length; given-up tasks stay in it until they are tidied away."""
    row = await database.fetch_one(
        """SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
                  count(*) FILTER (WHERE status = 'doing') AS running,
                  count(*) FILTER (WHERE status = 'failed') AS failed FROM procrastinate_jobs"""
    )
    return Queue(**row) if row else Queue(0, 0, 0)


async def history(object_type: str, object_id: int, limit: int = 100) -> list[HistoryLine]:
    """Return what happened to one thing, newest first; ``object_type`` is the table's name.

    Whose page it stands on decides who may see it; a page for everybody shows no names.
    """
    rows = await database.fetch(
        """SELECT event.occurred_at AS at, coalesce(account.display_name, '') AS actor, event.actor_kind, event.action,
                  event.detail::text AS detail, batch.number AS batch
             FROM audit_event event
             LEFT JOIN account ON account.id = event.actor_id
             LEFT JOIN audit_seal seal ON seal.event_id = event.id
             LEFT JOIN audit_batch batch ON batch.id = seal.batch_id
            WHERE event.object_type = $1 AND event.object_id = $2 ORDER BY event.id DESC LIMIT $3""",
        *(object_type, object_id, limit),
    )
    return [HistoryLine(**{**row, "detail": msgspec.json.decode(row["detail"])}) for row in rows]


async def heads(before: int | None, limit: int) -> list[Head]:
    """Return published heads of the chain, newest first, below a batch number."""
    rows = await database.fetch(
        """SELECT fact.occurred_at AS published_at, batch.number, encode(batch.batch_sha256, 'hex') AS sha256,
                  (SELECT sum(event_count) FROM audit_batch earlier WHERE earlier.number <= batch.number)::int AS events
             FROM fact JOIN audit_batch batch ON batch.id = fact.subject_id
            WHERE fact.topic = $1 AND ($2::bigint IS NULL OR batch.number < $2) ORDER BY batch.number DESC LIMIT $3""",
        *(HEAD_TOPIC, before, limit),
    )
    return [Head(**row) for row in rows]


async def heartbeat_age() -> timedelta | None:
    """Return how long ago any worker gave a sign of life; None when none is registered."""
    age: timedelta | None = await database.fetch_value(
        "SELECT greatest(now() - last_heartbeat, interval '0') FROM procrastinate_workers"
        " ORDER BY last_heartbeat DESC LIMIT 1"
    )
    return age


def _line(job: Job, row: database.Row, now: datetime) -> JobLine:
    failures = row.pop("failures")
    last = Run(**row) if row["job"] else None
    return JobLine(job.name, job.schedule, next_slot(job, now), last, failures)


_RUN = "run.job, run.slot, run.attempt, run.status, run.worker, run.started_at, run.finished_at, run.error"

_LAST_RUNS = f"""
SELECT asked.name, run.*,
       (SELECT count(*) FROM job_run failed WHERE failed.job = asked.name AND failed.started_at > $2
           AND failed.status IN ('failed', 'lost')) AS failures
  FROM unnest($1::text[]) asked (name)
  LEFT JOIN LATERAL (SELECT {_RUN} FROM job_run run WHERE run.job = asked.name
                      ORDER BY run.started_at DESC LIMIT 1) run ON true"""
