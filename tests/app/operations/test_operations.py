"""The operator's page tells the truth, and only to operators; the chain's heads are for everybody."""

from datetime import timedelta

import pytest

from app.core import audit_chain, clock, database, jobs
from app.core.access import ANONYMOUS, Grant, Principal, Role, scopes_of
from app.core.errors import NotPermitted, NotSignedIn
from app.core.jobs import Job
from app.operations import queries, service, status, words
from app.operations.jobs import JOBS, tidy_job_runs
from tests import world
from tests.app.core.audit_world import seal_all, write_events
from tests.app.web.client import client


@pytest.fixture
async def operator(db: None) -> Principal:
    return await world.account(Role.OPERATOR)


async def run(job: str, outcome: str, ago: timedelta = timedelta()) -> None:
    """Record a run as the worker does, or as it was some time ago."""
    at = clock.now() - ago
    await database.execute(
        """INSERT INTO job_run (job, slot, status, worker, started_at, finished_at, error)
           VALUES ($1, $2, $3, 'host:1', $2, $2, $4)""",
        *(job, at, outcome, "ValueError at app/x.py:1" if outcome == "failed" else ""),
    )


async def nothing(_now: object) -> None:
    """Do nothing."""


async def test_a_line_tells_last_next_and_failures(db: None) -> None:
    await run("job", "failed", timedelta(days=3))
    await run("job", "failed", timedelta(hours=3))
    await run("job", "succeeded", timedelta(hours=2))
    daily, never = Job("job", nothing, "0 3 * * *"), Job("never", nothing, None)
    first, second = await queries.job_lines([daily, never], clock.now())
    assert first.last
    assert (first.last.status, first.failures) == ("succeeded", 1)
    assert first.next_slot == jobs.next_slot(daily, clock.now())
    assert (second.last, second.next_slot, second.failures) == (None, None, 0)


async def test_workers_are_listed_with_what_they_hold(db: None) -> None:
    async with database.transaction():
        await jobs.enqueue("job", now=clock.now())
    worker = await database.fetch_value("SELECT worker_id FROM procrastinate_register_worker_v1()")
    await database.fetch("SELECT * FROM procrastinate_fetch_job_v2(NULL, $1)", worker)
    (seen,) = await queries.workers()
    assert (seen.id, seen.running) == (worker, 1)
    assert seen.silent_for < timedelta(seconds=30)
    assert await queries.queue() == queries.Queue(waiting=0, running=1, failed=0)


async def test_without_a_worker_nothing_is_healthy(db: None) -> None:
    state = await status.look(clock.now())
    assert not state.alive
    assert not state.healthy
    await database.fetch("SELECT procrastinate_register_worker_v1()")
    assert (await status.look(clock.now())).healthy
    await run("seal_audit", "failed")
    assert not (await status.look(clock.now())).healthy


async def test_an_operator_asks_for_a_run_and_that_is_recorded(operator: Principal) -> None:
    task = await service.ask_for(operator, JOBS[0])
    assert await database.fetch_value("SELECT task_name FROM procrastinate_jobs WHERE id = $1", task) == "seal_audit"
    (line,) = await queries.history("procrastinate_jobs", task)
    assert (line.action, line.detail, line.batch) == ("job:asked", {"job": "seal_audit"}, None)
    assert line.actor == operator.name


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
async def test_no_other_role_may_ask_for_a_run(role: Role) -> None:
    scopes = scopes_of([Grant(role, world.CITY, 1)], world.role_map())
    with pytest.raises(NotPermitted):
        await service.ask_for(Principal(1, kind="session", scopes=scopes), JOBS[0])


async def test_a_stranger_may_not_ask_for_a_run() -> None:
    with pytest.raises(NotSignedIn):
        await service.ask_for(ANONYMOUS, JOBS[0])


async def test_history_is_newest_first_and_names_the_batch_once_sealed(operator: Principal) -> None:
    await write_events(2)
    await seal_all()
    await write_events(1)
    lines = await queries.history("thing", 1)
    assert [line.batch is not None for line in lines] == [False, True]
    assert {line.actor_kind for line in lines} == {"system"}


async def test_old_routine_runs_are_forgotten_and_the_last_one_is_kept(db: None) -> None:
    for days in (500, 30, 8, 1):
        await run("seal_audit", "succeeded", timedelta(days=days))
        await run("publish_audit_head", "succeeded", timedelta(days=days))
    await run("seal_audit", "failed", timedelta(days=20))
    await run("long_gone", "succeeded", timedelta(days=500))
    assert (await tidy_job_runs(clock.now()))["runs"] == 4
    left = await database.fetch("SELECT job, status FROM job_run ORDER BY job, slot")
    assert [(row["job"], row["status"]) for row in left] == [
        ("long_gone", "succeeded"),
        ("publish_audit_head", "succeeded"),
        ("publish_audit_head", "succeeded"),
        ("publish_audit_head", "succeeded"),
        ("seal_audit", "failed"),
        ("seal_audit", "succeeded"),
    ]


async def test_the_page_shows_jobs_failures_and_workers(operator: Principal) -> None:
    await run("seal_audit", "failed")
    async with client(operator) as http:
        answer = await http.get("/operations")
        assert answer.status_code == 200
        assert "seal_audit" in answer.text
        assert "ValueError at app/x.py:1" in answer.text
        assert "没有工作进程" in answer.text
        asked = await http.post("/operations/jobs/seal_audit/run")
        assert (asked.status_code, asked.headers["location"]) == (303, "/operations")
        assert (await http.post("/operations/jobs/unheard_of/run")).status_code == 404
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 1


async def test_the_page_is_for_operators(db: None) -> None:
    async with client(await world.account(Role.SUPERVISOR)) as http:
        assert (await http.get("/operations")).status_code == 403
        assert (await http.post("/operations/jobs/seal_audit/run")).status_code == 403


async def test_the_operators_workbench_says_when_something_is_wrong(operator: Principal) -> None:
    async with client(operator) as http:
        assert "没有工作进程在运行" in (await http.get("/workbench")).text
        await database.fetch("SELECT procrastinate_register_worker_v1()")
        assert "没有工作进程在运行" not in (await http.get("/workbench")).text


async def test_published_heads_are_for_everybody(db: None) -> None:
    async with client() as http:
        assert "还没有公布链头" in (await http.get("/audit/heads")).text
        await write_events(3)
        await seal_all()
        await audit_chain.publish_head()
        shown = (await http.get("/audit/heads")).text
    sha256 = (await queries.heads(None, 1))[0].sha256
    assert sha256 in shown.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=3), "3 秒"),
        (timedelta(seconds=119), "119 秒"),
        (timedelta(minutes=5), "5 分钟"),
        (timedelta(hours=47), "47 小时"),
        (timedelta(days=3), "3 天"),
    ],
)
def test_ages_are_told_in_their_natural_unit(span: timedelta, text: str) -> None:
    assert str(words.age(span)) == text


@pytest.mark.parametrize(
    ("planned", "text"),
    [(5, "每 5 秒"), (600, "每 10 分钟"), ("5 0 * * *", "每天 00:05"), ("0 9 * * mon", "0 9 * * mon"), (None, "按需")],
)
def test_schedules_are_told_in_words(planned: str | int | None, text: str) -> None:
    assert str(words.schedule(queries.JobLine("job", planned, None, None, 0))) == text
