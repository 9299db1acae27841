"""A run of several cities: whoever plans which part, the plan is the same, and no part is planned for nobody."""

import asyncio
from typing import Any

import asyncpg
import msgspec
import pytest

from app.core import clock, database
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.engine.province.weeks import of_two_cities
from tests.volunteers.dispatch.engine.weeks import person, seat, shift, week
from volunteers.dispatch import service
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.province.plan import plan_province
from volunteers.dispatch.input import store
from volunteers.dispatch.parts import claims
from volunteers.dispatch.parts import service as parts
from volunteers.dispatch.rules import STALE, RunStatus
from volunteers.dispatch.solver_process import Progress
from volunteers.dispatch.solving import service as solving

SECONDS = 60


def two_cities() -> Instance:
    """Some people in each of two cities, and one who could serve either."""
    people = [person(str(n), x=n * 500, max_shifts_week=2, max_travel_m=9_000) for n in range(1, 7)]
    shifts = [
        shift(
            str(100 + n),
            540 + 60 * n,
            120,
            place="here" if n % 2 else "away",
            green=n < 4,
            positions=(seat("1", 1, 2),),
        )
        for n in range(8)
    ]
    return of_two_cities(week(people, shifts))


async def attempt_at(instance: Instance) -> parts.Attempt:
    """Begin an attempt at a run of the week."""
    run = await service.plan_week(await small.planner(), world.TOWN, small.MONDAY, SECONDS)
    digest = await store.keep(instance, small.MONDAY)
    await database.execute(
        "UPDATE dispatch_run SET status = 'solving', fence = fence + 1, instance_sha256 = $2 WHERE public_id = $1",
        *(run, digest),
    )
    run_id = await database.fetch_value("SELECT id FROM dispatch_run")
    return parts.Attempt(run_id, 1, digest, small.MONDAY, SECONDS)


async def divided(instance: Instance) -> parts.Attempt:
    """An attempt that has divided its week."""
    attempt = await attempt_at(instance)
    content = await parts.solver_process.take(parts.Step.DIVIDE, parts.encode(instance), SECONDS, ignored)
    await parts._keep(attempt, msgspec.json.decode(content, type=parts.Division))
    return attempt


def ignored(progress: Progress) -> None:
    """Take no notice."""


async def test_workers_share_the_parts_and_the_plan_is_that_of_one_process(db: None) -> None:
    instance = two_cities()
    alone = plan_province(instance, workers=1)
    attempt = await divided(instance)
    planned, helped = await asyncio.gather(
        parts.plan(attempt, instance, ignored), parts.plan_waiting_parts(clock.now())
    )
    assert check(instance, planned).valid
    assert msgspec.structs.replace(planned, seconds=None) == msgspec.structs.replace(alone.plan, seconds=None)
    assert helped == 1
    rows = await database.fetch("SELECT name, fence FROM dispatch_part ORDER BY number")
    assert [(row["name"], row["fence"]) for row in rows] == [("city 1", 1), ("city 2", 1)]


async def test_a_silent_worker_s_part_is_taken_over_and_its_late_plan_is_not_kept(db: None) -> None:
    await divided(two_cities())
    first = await claims.claim(clock.now(), STALE)
    second = await claims.claim(clock.now(), STALE)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert await claims.claim(clock.now(), STALE) is None
    later = clock.now() + STALE + STALE
    await claims.beat(second, later)
    again = await claims.claim(later, STALE)
    assert again is not None
    assert (again.id, again.fence) == (first.id, 2)
    assert not await claims.keep(first, "{}", later)
    assert await claims.keep(again, "{}", later)


async def test_the_next_attempt_at_the_same_input_takes_over_what_was_divided_and_planned(db: None) -> None:
    instance = two_cities()
    attempt = await divided(instance)
    assert await parts.plan_waiting_parts(clock.now()) == 2
    await database.execute("UPDATE dispatch_run SET fence = 2")
    before = await database.fetch("SELECT id, fence, planned_at FROM dispatch_part ORDER BY id")
    planned = await parts.plan(second_of(attempt), instance, ignored)
    assert check(instance, planned).valid
    assert await database.fetch("SELECT id, fence, planned_at FROM dispatch_part ORDER BY id") == before
    assert await database.fetch_value("SELECT count(*) FROM dispatch_division") == 1


def second_of(attempt: parts.Attempt) -> parts.Attempt:
    """The next attempt."""
    return parts.Attempt(attempt.run_id, attempt.fence + 1, attempt.digest, attempt.week_start, attempt.seconds)


async def test_an_attempt_that_was_given_up_keeps_no_division(db: None) -> None:
    instance = two_cities()
    attempt = await attempt_at(instance)
    await database.execute("UPDATE dispatch_run SET fence = 2")
    content = await parts.solver_process.take(parts.Step.DIVIDE, parts.encode(instance), SECONDS, ignored)
    with pytest.raises(parts.GivenUp):
        await parts._keep(attempt, msgspec.json.decode(content, type=parts.Division))
    assert await database.fetch("SELECT FROM dispatch_part") == []


async def test_a_run_in_parts_is_solved_and_recorded_like_any_other(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "is_planned_in_parts", lambda _: True)
    await small.people(3)
    await small.shifts(9, 33, seats=2)
    coordinator = await small.planner()
    run = await service.plan_week(coordinator, world.TOWN, small.MONDAY, SECONDS)
    assert await solving.solve_run(run) is RunStatus.SOLVED
    assert await database.fetch_value("SELECT count(*) FROM dispatch_proposal") == 4
    assert await database.fetch_value("SELECT count(*) FROM dispatch_part WHERE planned IS NOT NULL") == 1


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("UPDATE dispatch_part SET start = '[1]'", "dispatch_part_is_kept"),
        ("UPDATE dispatch_part SET planned = '[]' WHERE planned IS NOT NULL", "dispatch_part_is_kept"),
        ("UPDATE dispatch_part SET fence = fence - 1", "dispatch_part_is_kept"),
        ("DELETE FROM dispatch_part", "dispatch_part_is_kept"),
        ("UPDATE dispatch_part SET planned_at = now() WHERE planned IS NULL", "dispatch_part_planned_when"),
        (
            "UPDATE dispatch_part SET planned = '{}', planned_at = now() WHERE planned IS NULL",
            "dispatch_part_planned_by_somebody",
        ),
        (
            "INSERT INTO dispatch_part (division_id, number, name, instance_sha256, start, time_limit_s)"
            " SELECT division_id, number, name, instance_sha256, start, 1 FROM dispatch_part LIMIT 1",
            "dispatch_part_once",
        ),
        (
            "INSERT INTO dispatch_division (run_id, instance_sha256, content, divided_at)"
            " SELECT run_id, instance_sha256, content, now() FROM dispatch_division",
            "dispatch_division_once",
        ),
    ],
)
async def test_parts_are_kept_as_they_are(db: None, change: str, guard: str) -> None:
    instance = two_cities()
    attempt = await attempt_at(instance)
    await stored(attempt)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await database.execute(change)
    told: Any = refused.value
    assert told.constraint_name == guard


async def stored(attempt: parts.Attempt) -> None:
    """A division of two parts, of which the first is planned, without any engine."""
    division = await database.insert_row(
        "dispatch_division",
        {"run_id": attempt.run_id, "instance_sha256": attempt.digest, "content": b"x", "divided_at": clock.now()},
    )
    for number in range(2):
        part = {"division_id": division, "number": number, "name": "city", "instance_sha256": attempt.digest}
        await database.insert_row("dispatch_part", {**part, "start": "[]", "time_limit_s": 1})
    claimed = await claims.claim(clock.now(), STALE)
    assert claimed is not None
    assert await claims.keep(claimed, "{}", clock.now())
