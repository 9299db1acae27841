"""A run is a record: the settings it was asked with, the input it was solved from, how the search went."""

import gzip
import hashlib
from datetime import timedelta

import msgspec
import pytest

from app.core import clock, database
from app.core.access import Role
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.small import MONDAY
from volunteers.dispatch import service, solver_process
from volunteers.dispatch.engine.files import decode_instance
from volunteers.dispatch.input import store
from volunteers.dispatch.rules import STALE, RunKind, RunStatus
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Settings
from volunteers.dispatch.settings.service import state_settings
from volunteers.dispatch.solver_process import Progress
from volunteers.dispatch.solving import service as solving
from volunteers.dispatch.solving.log import Log


async def record() -> database.Row:
    """Return the one run."""
    row = await database.fetch_one("SELECT *, parameters::text AS said, bounds::text AS proven FROM dispatch_run")
    assert row is not None
    return row


async def test_a_run_keeps_its_settings_its_input_and_its_log(db: None) -> None:
    await small.people(2)
    await small.shifts(9, 33)
    coordinator = await small.planner()
    await state_settings(coordinator, world.TOWN, {"km": 7}, "short ways")
    await small.solved(coordinator, seconds=2)
    run = await record()
    settings = msgspec.json.decode(run["said"], type=Settings)
    assert (run["kind"], settings.km, settings.time_limit_s) == (RunKind.BY_HAND, 7, 2)
    content = await database.fetch_value("SELECT content FROM dispatch_input WHERE sha256 = $1", run["instance_sha256"])
    plain = gzip.decompress(content)
    assert hashlib.sha256(plain).digest() == run["instance_sha256"]
    assert decode_instance(plain).rules.weights.km == 7
    assert b"Person" not in plain  # ids and coordinates, no names
    log = await database.fetch("SELECT stage, vector, attempt FROM dispatch_progress ORDER BY number")
    assert (log[0]["stage"], log[0]["vector"], log[-1]["vector"]) == ("greedy", run["greedy_vector"], run["vector"])
    assert {row["attempt"] for row in log} == {run["fence"]} == {1}
    assert run["created_at"] <= run["started_at"] <= run["alive_at"] <= run["solved_at"]


async def test_the_same_input_is_kept_once_and_gives_the_same_plan(db: None) -> None:
    await small.people(3)
    await small.shifts(9, 10, 33, seats=2)
    coordinator = await small.planner()
    with clock.travelled_to(clock.now()):
        for _ in range(2):
            await small.solved(coordinator)
    assert await database.fetch_value("SELECT count(*) FROM dispatch_input") == 1
    plans = await database.fetch(
        """SELECT array_agg((d.position_id, d.person_id) ORDER BY d.position_id, d.person_id)::text AS plan, r.vector,
                  r.instance_sha256 FROM dispatch_run r JOIN dispatch_proposal d ON d.run_id = r.id GROUP BY r.id"""
    )
    assert len(plans) == 2
    assert plans[0] == plans[1]
    again = await solver_process.solve(await store.read(plans[0]["instance_sha256"]), 1, lambda _: None)
    assert list(again.vector or ()) == plans[0]["vector"]


async def test_an_input_goes_eight_weeks_after_its_week_and_the_hash_stays(db: None) -> None:
    await small.people(1)
    await small.shifts(9)
    await small.solved(await small.planner())
    run = await record()
    assert await store.remove_old(MONDAY + timedelta(weeks=9)) == 0
    assert await store.read(run["instance_sha256"])
    assert await store.remove_old(MONDAY + timedelta(weeks=9, days=1)) == 1
    with pytest.raises(store.InputIsGone):
        await store.read(run["instance_sha256"])
    assert (await record())["instance_sha256"] == run["instance_sha256"]


async def test_the_erasure_of_one_person_removes_every_input_that_holds_them(db: None) -> None:
    [(_, one), *_] = await small.people(2)
    await small.shifts(9)
    coordinator = await small.planner()
    await small.solved(coordinator)
    await store.forget_person(coordinator, coordinator.actor)
    assert await database.fetch_value("SELECT count(*) FROM dispatch_input") == 1  # who plans is not in it
    await store.forget_person(one, one.actor)
    assert await database.fetch_value("SELECT count(*) FROM dispatch_input") == 0


async def test_what_is_not_what_its_hash_says_is_never_solved(db: None) -> None:
    await database.execute(
        "INSERT INTO dispatch_input VALUES (sha256('a'), $1, $2, '{}', now())", gzip.compress(b"b"), MONDAY
    )
    with pytest.raises(store.DamagedInput):
        await store.read(hashlib.sha256(b"a").digest())


async def test_a_what_if_is_solved_from_the_input_that_it_brings(db: None) -> None:
    await small.people(1)
    await small.shifts(9)
    coordinator = await small.planner()
    await small.solved(coordinator)
    base = await record()
    await small.shifts(33)  # the world moves on; the question is about the week as it was
    question = await database.fetch_value(
        """INSERT INTO dispatch_run
               (place_id, week_start, kind, parent_id, status, time_limit_s, instance_sha256, created_at)
           SELECT place_id, week_start, 'what_if', id, 'queued', 1, instance_sha256, now() FROM dispatch_run
           RETURNING public_id"""
    )
    assert await solving.solve_run(question) is RunStatus.SOLVED
    answer = await database.fetch_one("SELECT vector, instance_sha256 FROM dispatch_run WHERE public_id = $1", question)
    assert answer == {"vector": base["vector"], "instance_sha256": base["instance_sha256"]}


async def test_a_report_that_says_nothing_new_is_no_row_and_bounds_are_kept(db: None) -> None:
    run = await service.plan_week(await small.planner(), world.TOWN, MONDAY, 1)
    started = await solving._start(run)
    assert started is not None
    log = Log(started[0]["id"], started[1], solving.silent)
    for seconds in (0.1, 0.2):
        log.follow(Progress("greedy", (1, 0, 0, 0, 0, 9), seconds))
    log.follow(Progress("proof", (1, 0, 0, 0, 0, 9), 0.3, (1, None, None, None, None, None)))
    await log.beat()
    await log.beat()
    rows = await database.fetch("SELECT stage, bounds, milliseconds FROM dispatch_progress ORDER BY number")
    assert [tuple(row.values()) for row in rows] == [
        ("greedy", [], 100),
        ("proof", [1, None, None, None, None, None], 300),
    ]


async def test_a_worker_that_was_given_up_writes_no_log_any_more(db: None) -> None:
    run = await service.plan_week(await small.planner(), world.TOWN, MONDAY, 1)
    started = await solving._start(run)
    assert started is not None
    assert await solving._start(run) is None  # it is alive
    with clock.travelled_to(clock.now() + STALE):
        assert await solving._start(run)
        late = Log(started[0]["id"], started[1], solving.silent)
        late.follow(Progress("greedy", (0, 0, 0, 0, 0, 0), 0.1))
        await late.beat()
    assert await database.fetch_value("SELECT count(*) FROM dispatch_progress") == 0


async def test_a_beating_worker_keeps_its_run_beyond_the_time_limit(db: None) -> None:
    run = await service.plan_week(await small.planner(), world.TOWN, MONDAY, 1)
    started, begun = await solving._start(run), clock.now()
    assert started is not None
    for turn in range(1, 5):
        with clock.travelled_to(begun + turn * STALE * 0.9):
            assert await solving._start(run) is None
            await Log(started[0]["id"], started[1], solving.silent).beat()


async def test_old_runs_without_settings_are_solved_by_those_of_today(db: None) -> None:
    await small.people(1)
    await small.shifts(9)
    run = await database.fetch_value(
        """INSERT INTO dispatch_run (place_id, week_start, status, time_limit_s, created_at)
           SELECT id, $2, 'queued', 1, now() FROM place WHERE code = $1 RETURNING public_id""",
        *(world.TOWN, MONDAY),
    )
    assert await solving.solve_run(run) is RunStatus.SOLVED
    weights = (await store.read((await record())["instance_sha256"])).rules.weights
    assert weights.km == (await settings_of(world.TOWN)).km


async def test_two_officers_who_ask_at_once_get_one_run(db: None) -> None:
    first = await service.plan_week(await small.planner(), world.TOWN, MONDAY, 1)
    other = await world.officer(Role.COORDINATOR)
    assert await service.plan_week(other, world.TOWN, MONDAY, 9) == first
