"""A run is asked for, solved in a process of its own, published; a dead worker's run is taken over."""

import asyncio
from datetime import date, time, timedelta

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from app.core.errors import NotFound, NotSignedIn, TransitionRefused
from app.core.state import advance
from procurement.demonstration import turn
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.stage import published_week
from volunteers.dispatch import jobs, queries, service, week
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.files import decode_instance, encode
from volunteers.dispatch.engine.instance import Assignment, Plan
from volunteers.dispatch.rules import TRANSITIONS, RunEvent, RunStatus
from volunteers.dispatch.solving import service as solving

NINE = time(9)


@pytest.mark.parametrize("status", RunStatus)
@pytest.mark.parametrize("event", RunEvent)
def test_every_event_in_every_state_moves_or_refuses(status: RunStatus, event: RunEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def test_a_plan_is_solved_checked_and_published(db: None) -> None:
    stage = await published_week()
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=3), NINE)):
        planner = stage.officers[Role.COORDINATOR]
        instance = await week.read_instance(stage.scale.place_code, stage.monday)
        assert decode_instance(encode(instance)) == instance
        run = await service.plan_week(planner, stage.scale.place_code, stage.monday, 5)
        assert await service.plan_week(planner, stage.scale.place_code, stage.monday, 5) == run
        assert await solving.solve_run(run) is RunStatus.SOLVED
        view = await queries.run_view(planner, run)
        assert view.vector is not None
        assert view.greedy_vector is not None
        assert view.vector <= view.greedy_vector
        rows = await database.fetch(
            """SELECT p.assignment_id, d.position_id, d.person_id FROM dispatch_proposal d
               JOIN position p ON p.id = d.position_id"""
        )
        plan = Plan(instance.name, tuple(Assignment(*(str(value) for value in row.values())) for row in rows))
        assert check(instance, plan).valid
        published = await small.publish(planner, run)
        assert published.refused == 0
        assert published.kept == len(instance.pinned)
        with pytest.raises(TransitionRefused):
            await small.publish(planner, run)
    live = await database.fetch_value("SELECT count(*) FROM sign_up WHERE live")
    assert live == published.sent + published.kept


async def test_a_run_whose_worker_died_is_taken_over_and_the_late_result_is_ignored(db: None) -> None:
    stage = await published_week()
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=3), NINE)):
        run = await service.plan_week(stage.officers[Role.COORDINATOR], stage.scale.place_code, stage.monday, 5)
        begun = await solving._start(run)  # a worker begins and is never heard of again
        assert begun is not None
        row, fence = begun
        assert await solving.solve_run(run) is RunStatus.SOLVING  # for a while it is left alone
    late = {"vector": [9, 9, 9, 9, 9, 9]}
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=2), NINE)):
        assert await solving._start(run)  # another takes over, and dies as well
        assert await solving.results.write(row["id"], fence, late, [], []) is RunStatus.SOLVING
        assert await database.fetch_one("SELECT vector, fence FROM dispatch_run") == {"vector": None, "fence": 2}
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=1), NINE)):
        assert await jobs.solve_waiting_runs(clock.now()) == {"solved": [str(run)]}
        before = await database.fetch_one("SELECT vector, fence FROM dispatch_run")
        await solving.results.write(row["id"], fence, late, [], [])
        assert await database.fetch_one("SELECT vector, fence FROM dispatch_run") == before
        assert before
        assert before["fence"] == 3


async def test_kill_9_in_mid_solve_leaves_nothing_and_the_next_attempt_gives_the_same_plan(db: None) -> None:
    stage = await published_week()
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=3), NINE)):
        run = await service.plan_week(stage.officers[Role.COORDINATOR], stage.scale.place_code, stage.monday, 5)
        attempt = asyncio.create_task(solving.solve_run(run, lambda _first_plan: attempt.cancel()))
        with pytest.raises(asyncio.CancelledError):
            await attempt
        assert await database.fetch_value("SELECT count(*) FROM dispatch_proposal") == 0
    with clock.travelled_to(clock.at_local(stage.monday - timedelta(days=2), NINE)):
        assert await solving.solve_run(run) is RunStatus.SOLVED
        first = await _proposals()
        instance = await week.read_instance(stage.scale.place_code, stage.monday)
        again = await solving.solver_process.solve(instance, 5, lambda _: None)
        assert first == sorted((int(row.position), int(row.volunteer)) for row in again.assignments)


async def _proposals() -> list[tuple[int, int]]:
    rows = await database.fetch("SELECT position_id, person_id FROM dispatch_proposal ORDER BY position_id, person_id")
    return [(row["position_id"], row["person_id"]) for row in rows]


async def test_last_week_an_unknown_place_and_an_unknown_caller_are_refused(db: None) -> None:
    stage = await published_week()
    planner = stage.officers[Role.COORDINATOR]
    with pytest.raises(service.WeekHasPassed):
        await service.plan_week(planner, stage.scale.place_code, date(2020, 1, 6), 5)
    with pytest.raises(NotFound):
        await service.plan_week(planner, "330127999", turn.week_to_live(clock.today()) + timedelta(days=14), 5)
    with pytest.raises(NotSignedIn):
        await service.plan_week(ANONYMOUS, "330127", stage.monday, 5)
