"""Slots, claims and fences of the scheduled work, inside one process."""

import asyncio
import importlib.metadata
from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock, database, job_runs, job_worker, jobs
from app.core.job_runs import ATTEMPTS_LIMIT, Ticket
from app.core.jobs import Job, latest_slot, next_slot
from tests.conftest import rounds

NOON = datetime(2026, 3, 4, 4, 0, 0, tzinfo=UTC)  # Wednesday, 12:00 in Hangzhou


async def nothing(_now: datetime) -> None:
    """Do nothing."""


def job(schedule: str | int | None, name: str = "job") -> Job:
    return Job(name, nothing, schedule)


@pytest.mark.parametrize(
    ("schedule", "latest", "following"),
    [
        (5, NOON, NOON + timedelta(seconds=5)),
        (3600, NOON, NOON + timedelta(hours=1)),
        ("0 12 * * *", NOON, NOON + timedelta(days=1)),
        ("30 2 * * *", NOON.replace(day=3, hour=18, minute=30), NOON.replace(day=4, hour=18, minute=30)),
        ("0 9 * * mon", NOON.replace(day=2, hour=1), NOON.replace(day=9, hour=1)),
        ("0 0 1 1 *", datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        (None, None, None),
    ],
)
def test_slots_follow_the_wall_clock_in_hangzhou(
    schedule: str | int | None, latest: datetime | None, following: datetime | None
) -> None:
    assert (latest_slot(job(schedule), NOON), next_slot(job(schedule), NOON)) == (latest, following)


def test_a_slot_is_not_due_a_moment_before_its_time() -> None:
    assert latest_slot(job("0 12 * * *"), NOON - timedelta(microseconds=1)) == NOON - timedelta(days=1)
    assert latest_slot(job(5), NOON - timedelta(microseconds=1)) == NOON - timedelta(seconds=5)


@pytest.mark.parametrize("schedule", ["0 9 * * 1", "0 9 * * 1-5", 0, -3])
def test_a_schedule_that_would_mean_something_else_is_refused(schedule: str | int) -> None:
    with pytest.raises(ValueError, match="job: "):
        job(schedule)


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two jobs"):
        jobs.catalogue([job(5), job(6)])


async def claim(name: str, slot: datetime) -> int | None:
    async with database.transaction():
        return await jobs.enqueue(name, now=clock.now(), slot=slot)


async def test_a_job_is_enqueued_only_inside_a_transaction(db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        await jobs.enqueue("job", now=NOON)


async def test_a_slot_is_claimed_once_and_an_older_one_never_again(db: None) -> None:
    assert await claim("job", NOON) is not None
    assert await claim("job", NOON) is None
    assert await claim("other", NOON) is not None
    assert await claim("job", NOON + timedelta(seconds=5)) is not None
    assert await claim("job", NOON) is None, "procrastinate has forgotten this slot, we must not"


async def test_many_clocks_claim_a_slot_once(db: None) -> None:
    for number in range(rounds(5, 100)):
        slot = NOON + timedelta(seconds=number)
        assert sum(found is not None for found in await asyncio.gather(*(claim("job", slot) for _ in range(8)))) == 1
        await database.execute("DELETE FROM procrastinate_jobs")


async def test_a_rolled_back_claim_is_free_again(db: None) -> None:
    with pytest.raises(ValueError, match="later step"):
        async with database.transaction():
            assert await jobs.enqueue("job", now=NOON, slot=NOON)
            raise ValueError("later step")
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0
    assert await claim("job", NOON) is not None


async def test_a_job_asked_for_runs_once_for_each_time_it_was_asked(db: None) -> None:
    async with database.transaction():
        first, second = await jobs.enqueue("job", now=NOON), await jobs.enqueue("job", now=NOON)
    assert first
    assert second
    assert first != second


async def test_a_queue_that_nobody_drains_is_not_filled_for_ever(db: None) -> None:
    claimed = [await claim("job", NOON + timedelta(seconds=n)) for n in range(jobs.WAITING_LIMIT + 5)]
    assert [found is not None for found in claimed] == [True] * jobs.WAITING_LIMIT + [False] * 5


async def test_the_latest_missed_slot_of_each_job_is_caught_up(db: None) -> None:
    listed = [job(5, "often"), job("0 12 * * *", "daily"), job(None, "asked")]
    assert await jobs.claim_due(listed, NOON + timedelta(seconds=7)) == 2
    assert await jobs.claim_due(listed, NOON + timedelta(seconds=8)) == 0
    assert await jobs.claim_due(listed, NOON + timedelta(days=3)) == 2
    slots = await database.fetch("SELECT args ->> 'slot' AS slot FROM procrastinate_jobs WHERE task_name = 'daily'")
    assert [row["slot"] for row in slots] == [(NOON + timedelta(days=n)).isoformat() for n in (0, 3)]


async def test_procrastinate_is_the_one_whose_tables_and_functions_we_call(db: None) -> None:
    """Enqueueing, fencing and rescue know these signatures; a new version needs a look and a migration."""
    assert importlib.metadata.version("procrastinate").startswith("3.10.")
    known = await database.fetch(
        "SELECT proname, pg_get_function_identity_arguments(oid) AS arguments FROM pg_proc WHERE proname = ANY($1)",
        [
            "procrastinate_defer_periodic_job_v2",
            "procrastinate_defer_jobs_v1",
            "procrastinate_retry_job_v2",
            "procrastinate_finish_job_v1",
        ],
    )
    assert {row["proname"]: row["arguments"] for row in known} == {
        "procrastinate_defer_periodic_job_v2": "_queue_name character varying, _lock character varying,"
        " _queueing_lock character varying, _task_name character varying, _priority integer,"
        " _periodic_id character varying, _defer_timestamp bigint, _args jsonb",
        "procrastinate_defer_jobs_v1": "jobs procrastinate_job_to_defer_v1[]",
        "procrastinate_retry_job_v2": "job_id bigint, retry_at timestamp with time zone, new_priority integer,"
        " new_queue_name character varying, new_lock character varying",
        "procrastinate_finish_job_v1": "job_id bigint, end_status procrastinate_job_status, delete_job boolean",
    }
    assert set(job_worker.task_types.Job.__annotations__) >= {"id", "worker_id", "attempts", "task_kwargs", "queue"}


async def take(worker: int = 0) -> Ticket:
    """Fetch a task as procrastinate's worker does."""
    registered = worker or await database.fetch_value("SELECT worker_id FROM procrastinate_register_worker_v1()")
    row = await database.fetch_one("SELECT * FROM procrastinate_fetch_job_v2(NULL, $1)", registered)
    assert row is not None
    return Ticket(row["id"], row["worker_id"], row["attempts"])


async def test_a_run_is_recorded_with_its_result(db: None) -> None:
    await claim("job", NOON)
    attempt = await job_runs.begin("job", NOON, await take(), "w")
    assert attempt
    assert await job_runs.succeed(attempt, {"sealed": 3})
    row = await database.fetch_one("SELECT status, attempt, worker, result, error FROM job_run")
    assert row == {"status": "succeeded", "attempt": 1, "worker": "w", "result": '{"sealed": 3}', "error": ""}


async def test_a_failure_is_recorded_by_type_and_place(db: None) -> None:
    await claim("job", NOON)
    attempt = await job_runs.begin("job", NOON, await take(), "w")
    assert attempt
    try:
        raise jobs.UnknownJob(name="x")
    except jobs.UnknownJob as error:
        await job_runs.fail(attempt, error)
    error_text = await database.fetch_value("SELECT error FROM job_run WHERE status = 'failed'")
    assert error_text.startswith("UnknownJob unknown_job at tests/app/core/test_jobs.py:")


async def test_a_slot_that_is_done_is_not_begun_again(db: None) -> None:
    await claim("job", NOON)
    ticket = await take()
    attempt = await job_runs.begin("job", NOON, ticket, "w")
    assert attempt
    await job_runs.succeed(attempt, None)
    assert await job_runs.begin("job", NOON, ticket, "w") is None


async def test_what_waits_for_a_slot_that_is_done_leaves_the_queue(db: None) -> None:
    for now in (NOON, NOON, NOON, NOON + timedelta(seconds=1)):
        async with database.transaction():
            await jobs.enqueue("job", now=now)
    async with database.transaction():
        await jobs.enqueue("another", now=NOON)
    attempt = await job_runs.begin("job", NOON, await take(), "w")
    assert attempt
    assert await job_runs.succeed(attempt, None)
    await job_runs.forget_repeats("job", NOON)
    waiting = await database.fetch("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    assert [row["task_name"] for row in waiting] == ["job", "another"]


async def test_a_rescued_task_runs_again_and_its_first_worker_is_fenced_off(db: None) -> None:
    await claim("job", NOON)
    first = await take()
    lost = await job_runs.begin("job", NOON, first, "slow worker")
    assert lost
    assert await job_runs.rescue(first, "job", NOON, "default")
    assert not await job_runs.succeed(lost, {"late": True})
    second = await take()
    attempt = await job_runs.begin("job", NOON, second, "other worker")
    assert attempt
    assert not await job_runs.succeed(lost, {"late": True})
    assert await job_runs.begin("job", NOON, first, "slow worker") is None
    assert await job_runs.succeed(attempt, {"late": False})
    told = await database.fetch("SELECT status, worker, result FROM job_run ORDER BY attempt")
    assert [(row["status"], row["worker"], row["result"]) for row in told] == [
        ("lost", "slow worker", "{}"),
        ("succeeded", "other worker", '{"late": false}'),
    ]


async def test_of_many_rescuers_one_rescues(db: None) -> None:
    await claim("job", NOON)
    for _ in range(3):
        ticket = await take()
        await job_runs.begin("job", NOON, ticket, "w")
        rescued = await asyncio.gather(*(job_runs.rescue(ticket, "job", NOON, "default") for _ in range(6)))
        assert sum(rescued) == 1


async def test_a_task_that_kills_every_worker_is_given_up(db: None) -> None:
    await claim("job", NOON)
    for _ in range(ATTEMPTS_LIMIT):
        ticket = await take()
        await job_runs.begin("job", NOON, ticket, "w")
        await job_runs.rescue(ticket, "job", NOON, "default")
    assert await database.fetch_value("SELECT status::text FROM procrastinate_jobs") == "failed"
    assert await database.fetch_value("SELECT count(*) FROM job_run WHERE status = 'lost'") == ATTEMPTS_LIMIT


async def test_runs_of_one_job_never_overlap(db: None) -> None:
    await claim("job", NOON)
    await claim("job", NOON + timedelta(seconds=1))
    running = await take()
    idle = await database.fetch_value("SELECT worker_id FROM procrastinate_register_worker_v1()")
    assert await database.fetch_value("SELECT id FROM procrastinate_fetch_job_v2(NULL, $1)", idle) is None
    await database.fetch("SELECT procrastinate_finish_job_v1($1, 'succeeded', true)", running.task_id)
    assert (await take(idle)).task_id != running.task_id


@pytest.mark.parametrize(
    ("schedule", "error", "attempts", "retried"),
    [
        (5, ValueError(), 0, False),
        ("0 3 * * *", ValueError(), 0, True),
        ("0 3 * * *", ValueError(), 1, True),
        ("0 3 * * *", ValueError(), 2, False),
        (5, asyncio.CancelledError(), 4, True),
    ],
)
def test_who_is_tried_again(schedule: str | int, error: BaseException, attempts: int, retried: bool) -> None:
    task = job_worker.task_types.Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="job", attempts=attempts
    )
    decision = job_worker.Retrying(job(schedule)).get_retry_decision(exception=error, job=task)
    assert (decision is not None) == retried
