"""What each rule costs: worked out one after the other, kept as it comes, resumed after a kill, honest about itself."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from tests.app.web.client import client, whole_application
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.engine.weeks import DAY, person, row, shift, week
from volunteers.assignments.rules import PositionDraft
from volunteers.dispatch.engine.relaxing import AMOUNTS, Relaxation
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.explanations.costs import jobs, service
from volunteers.dispatch.explanations.costs.rules import STALE, Certainty, Outcome, gains
from volunteers.dispatch.solver_process import SolverFailed
from volunteers.people.rules import Limits

NOTHING, REACH = Relaxation.NOTHING, Relaxation.REACH
PREFERENCE = Relaxation.PREFERENCE


@pytest.fixture
def composed(db: None) -> None:
    compose()
    whole_application()


def outcome(relaxation: Relaxation, before: tuple[int, ...], after: tuple[int, ...], proven: bool = True) -> Outcome:
    return Outcome(relaxation, 0, (*before, 0, 100), (*after, 0, 90), proven, 0, 1)


def test_a_rule_costs_what_the_looser_week_is_better_by() -> None:
    (gain,) = gains([outcome(NOTHING, (0, 0, 1, 9), (0, 0, 1, 9)), outcome(REACH, (0, 0, 1, 9), (0, 0, 0, 2))])
    assert (gain.shifts, gain.seats, gain.certainty) == (1, 7, Certainty.EXACT)


def test_what_more_searching_finds_anyway_is_no_cost_of_a_rule() -> None:
    found = [outcome(NOTHING, (0, 0, 1, 9), (0, 0, 1, 4), proven=False), outcome(REACH, (0, 0, 1, 9), (0, 0, 1, 3))]
    (gain,) = gains(found)
    assert (gain.seats, gain.certainty) == (1, Certainty.ESTIMATE)
    (none,) = gains([found[0], outcome(REACH, (0, 0, 1, 9), (0, 0, 1, 6))])
    assert not none.brings_anything


def test_without_a_proof_of_the_looser_week_it_is_at_least_so_much() -> None:
    (gain,) = gains([outcome(NOTHING, (0, 0, 0, 3), (0, 0, 0, 3)), outcome(REACH, (0, 0, 0, 3), (0, 0, 0, 1), False)])
    assert (gain.seats, gain.certainty) == (2, Certainty.AT_LEAST)


def test_a_wish_costs_burden_and_a_held_shift_may_cost_seats() -> None:
    found = gains(
        [
            outcome(NOTHING, (0, 0, 1, 2), (0, 0, 1, 2)),
            outcome(PREFERENCE, (0, 0, 1, 2), (0, 0, 1, 2)),
            outcome(REACH, (0, 0, 1, 2), (0, 0, 0, 3)),
        ]
    )
    assert [(gain.relaxation, gain.shifts, gain.seats, gain.burden_percent) for gain in found] == [
        (REACH, 1, -1, 0.0),
        (PREFERENCE, 0, 0, 10.0),
    ]
    assert gains([outcome(REACH, (0, 0, 0, 3), (0, 0, 0, 1))]) == []


async def test_a_looser_week_is_really_solved() -> None:
    evening, morning = shift("S1", 1200), shift("S2", DAY + 580)
    near, far = shift("S3", 3 * DAY + 540), shift("S4", 3 * DAY + 540, place="away")
    people = [person("V1", max_travel_m=100), person("V2", max_travel_m=100, max_shifts_week=0)]
    instance = week(people, [evening, morning, near, far])
    staffing = Staffing(instance, [row("S1", "V1"), row("S3", "V1")])
    results = {
        one: await service.outcome_of(staffing, one) for one in (NOTHING, Relaxation.REST, Relaxation.SHIFT_LIMIT)
    }
    assert {one: (found.before[3], found.after[3], found.proven) for one, found in results.items()} == {
        NOTHING: (2, 2, True),
        Relaxation.REST: (2, 1, True),
        Relaxation.SHIFT_LIMIT: (2, 1, True),
    }
    assert results[Relaxation.REST].moved == 1


async def at_once(staffing: Staffing, relaxation: Relaxation) -> Outcome:
    """Find nothing, without a solver."""
    del staffing
    return Outcome(relaxation, 0, (0,) * 6, (0,) * 6, True, 0, 1)


async def an_hour_a_day_helps(staffing: Staffing, relaxation: Relaxation) -> Outcome:
    """Find one seat more if everybody does an hour more a day, without a solver."""
    del staffing
    empty = int(relaxation is not Relaxation.DAY_LIMIT)
    return Outcome(relaxation, AMOUNTS[relaxation], (0, 0, 1, 1, 0, 0), (0, 0, empty, empty, 0, 0), True, 1, 1)


async def solved_week() -> tuple[Principal, UUID]:
    """Plan one shift that only somebody too tired could do."""
    lawyer = world.profile(
        availability=small.ALWAYS,
        credentials=(world.licence(),),
        limits=Limits(max_minutes_day=90, max_minutes_week=10_000, max_shifts_week=50),
    )
    await world.people([lawyer])
    await small.shifts(9, positions=(PositionDraft("律师", 1, 1, "Lawyer", credentials_any=("lawyer",)),))
    planner = await small.planner()
    return planner, await small.solved(planner)


async def test_a_planner_asks_and_reads_what_each_rule_costs(composed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    planner, run = await solved_week()
    monkeypatch.setattr(service, "outcome_of", an_hour_a_day_helps)
    path, endpoint = f"/dispatch/{run}/rules", f"/api/v1/dispatch/runs/{run}/rule-costs"
    async with client(planner) as http:
        assert "还没有算过" in (await http.get(path)).text
        assert (await http.post(path)).headers["location"] == path
        assert (await http.post(path)).status_code == 303
        waiting = (await http.get(path)).text
        assert "已算 0 条，共 9 条" in waiting
        assert "http-equiv" in waiting
        assert await jobs.cost_rules(clock.now()) == {"answers": 9}
        done = await http.get(path, headers={"hx-request": "true", "hx-target": "progress"})
        assert done.headers["hx-refresh"] == "true"
        page = (await http.get(path)).text
        english = (await http.get(f"{path}?lang=en")).text
        body = (await http.post(endpoint)).json()
    for words in ("每人每天多做 60 分钟", "少空 1 个席位", "准数", "没有挡住谁"):
        assert words in page
    assert "fewer empty seats: 1" in english
    assert (body["done"], body["of"], body["failed"]) == (9, 9, False)
    assert {one["rule"]: one["seats"] for one in body["rules"] if one["seats"]} == {"day_limit": 1}
    assert {one["certainty"] for one in body["rules"]} == {"exact"}
    assert await jobs.cost_rules(clock.now()) == {"answers": 0}


async def test_a_killed_worker_s_answers_stay_and_the_next_one_works_out_the_rest(
    composed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, run = await solved_week()
    await service.ask_costs(planner, run)

    async def until_killed(staffing: Staffing, relaxation: Relaxation) -> Outcome:
        if relaxation is Relaxation.WEEK_LIMIT:
            raise KeyboardInterrupt
        return await at_once(staffing, relaxation)

    monkeypatch.setattr(service, "outcome_of", until_killed)
    with pytest.raises(KeyboardInterrupt):
        await jobs.cost_rules(clock.now())
    assert await database.fetch_value("SELECT count(*) FROM dispatch_rule_cost") == 3
    monkeypatch.setattr(service, "outcome_of", at_once)
    assert await jobs.cost_rules(clock.now()) == {"answers": 0}
    assert await jobs.cost_rules(clock.now() + STALE + timedelta(seconds=1)) == {"answers": 6}
    assert await database.fetch_value("SELECT finished_at IS NOT NULL AND fence = 2 FROM dispatch_costing")


async def test_a_worker_that_was_given_up_adds_nothing(composed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    planner, run = await solved_week()
    await service.ask_costs(planner, run)

    async def overtaken(staffing: Staffing, relaxation: Relaxation) -> Outcome:
        await database.execute("UPDATE dispatch_costing SET fence = fence + 1")
        return await at_once(staffing, relaxation)

    monkeypatch.setattr(service, "outcome_of", overtaken)
    assert await jobs.cost_rules(clock.now()) == {"answers": 0}
    assert await database.fetch_value("SELECT count(*) FROM dispatch_rule_cost") == 0


async def test_what_failed_says_so_and_is_tried_again(composed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    planner, run = await solved_week()
    await service.ask_costs(planner, run)

    async def fail(*_: object) -> Outcome:
        raise SolverFailed("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(service, "outcome_of", fail)
        assert await jobs.cost_rules(clock.now()) == {"answers": 0}
    async with client(planner) as http:
        assert "没有算完" in (await http.get(f"/dispatch/{run}/rules")).text
        await http.post(f"/dispatch/{run}/rules")
    monkeypatch.setattr(service, "outcome_of", at_once)
    assert await jobs.cost_rules(clock.now()) == {"answers": 9}


async def test_without_the_input_nothing_can_be_worked_out(composed: None) -> None:
    planner, run = await solved_week()
    await database.execute("DELETE FROM dispatch_input")
    async with client(planner) as http:
        assert "重新排这一周" in (await http.get(f"/dispatch/{run}/rules")).text
        assert (await http.post(f"/api/v1/dispatch/runs/{run}/rule-costs")).status_code == 410
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert (await http.get(f"/dispatch/{run}/rules")).status_code == 404


async def test_the_database_keeps_what_was_worked_out(composed: None) -> None:
    planner, run = await solved_week()
    await service.ask_costs(planner, run)
    again = "INSERT INTO dispatch_costing (run_id, asked_at) SELECT run_id, now() FROM dispatch_costing"
    await refused("dispatch_costing_once", again)
    unsolved = """INSERT INTO dispatch_run (place_id, week_start, status, time_limit_s, created_at)
                  SELECT place_id, week_start + 7, 'failed', 1, now() FROM dispatch_run RETURNING id"""
    queued = await database.fetch_value(unsolved)
    new = "INSERT INTO dispatch_costing (run_id, asked_at) VALUES ($1, now())"
    await refused("dispatch_costing_of_a_plan", new, queued)
    await refused("dispatch_costing_failed_when", "UPDATE dispatch_costing SET error = 'x'")
    cost = """INSERT INTO dispatch_rule_cost
                  (costing_id, relaxation, amount, before, after, proven, moved, milliseconds, worked_out_at)
              SELECT id, 'reach', 5000, $1, '{0,0,0,0,0,0}', true, 0, 1, now() FROM dispatch_costing"""
    await refused("dispatch_rule_cost_whole", cost, [0])
    await database.execute(cost, [0] * 6)
    await refused("dispatch_rule_cost_once", cost, [0] * 6)
    never = cost.replace("'reach'", "'recusal'")
    await refused("dispatch_rule_cost_relaxation_check", never, [0] * 6)
