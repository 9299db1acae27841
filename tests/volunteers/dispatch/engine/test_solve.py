"""The search: proven on the examples and on tiny weeks, valid and never worse than greedy everywhere."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import (
    EXAMPLES,
    best_vector,
    person,
    row,
    seat,
    shift,
    small_weeks,
    tiny_weeks,
    vectors_of_all_plans,
    week,
)
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.generate_changes import called_off, signed_up
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.instance import Cancellation, Instance, Vector
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.solve import Effort, Solution, Status, solve

LOCAL = Effort(exact_pairs=-1, gaps=3, price_steps=40, strips=(3, 0, 8), bound_steps=30)
STEPS = 100
quick = settings(
    deadline=None, max_examples=rounds(30, 2000), derandomize=True, suppress_health_check=list(HealthCheck)
)


def assert_sound(instance: Instance, solution: Solution) -> None:
    result = check(instance, solution.plan)
    assert result.violations == ()
    assert result.vector == solution.vector
    assert solution.vector <= greedy(compile_problem(instance)).vector()
    assert all(bound is None or bound <= value for bound, value in zip(solution.bounds, solution.vector, strict=True))


@pytest.mark.parametrize(
    ("name", "optimum"),
    [("example-tiny", (0, 2, 2, 3, 0, 1487)), ("example-small", (5, 4, 20, 30, 0, 7843))],
)
def test_the_examples_reach_their_proven_optimum(name: str, optimum: tuple[int, ...]) -> None:
    instance = files.read_instance(EXAMPLES / f"{name}.json.gz")
    solution = solve(instance)
    assert solution.vector == optimum == solution.bounds
    assert solution.status is Status.OPTIMAL
    assert_sound(instance, solution)


def test_the_plan_of_the_example_is_valid_and_optimal() -> None:
    instance = files.read_instance(EXAMPLES / "example-tiny.json.gz")
    result = check(instance, files.read_plan(EXAMPLES / "example-tiny.plan.json"))
    assert result.valid
    assert result.vector == (0, 2, 2, 3, 0, 1487)


@quick
@given(tiny_weeks())
def test_tiny_weeks_are_planned_as_well_as_by_trying_every_plan(instance: Instance) -> None:
    solution = solve(instance)
    assert solution.vector == best_vector(instance)
    assert solution.status is Status.OPTIMAL
    assert_sound(instance, solution)


@quick
@given(tiny_weeks())
def test_no_plan_as_good_on_the_levels_before_is_better_than_a_bound(instance: Instance) -> None:
    solution, vectors = solve(instance, effort=LOCAL), vectors_of_all_plans(instance)
    for level, bound in enumerate(solution.bounds):
        as_good = [v[level] for v in vectors if all(v[k] <= solution.vector[k] for k in range(level))]
        assert bound is not None
        assert bound <= min(as_good)


@quick
@given(small_weeks(6, 8))
def test_any_week_gets_a_valid_plan_no_worse_than_greedy(instance: Instance) -> None:
    assert_sound(instance, solve(instance, effort=LOCAL))
    assert_sound(instance, solve(instance, time_limit=0))


def test_the_local_search_on_a_town_betters_greedy_and_proves_the_green_level() -> None:
    instance = generate("town", 5)
    before = greedy(compile_problem(instance)).vector()
    solution = solve(instance, effort=Effort(exact_pairs=0, price_steps=STEPS, strips=(20, 40), bound_steps=STEPS))
    assert_sound(instance, solution)
    assert solution.vector.unheld < before.unheld
    assert solution.bounds[0] == solution.vector.green_unheld


def test_the_same_week_gives_the_same_plan_and_bounds() -> None:
    instance = generate("town", 3)
    first, second = (
        solve(instance, effort=Effort(exact_pairs=0, price_steps=STEPS, strips=(20, 40, 0), bound_steps=STEPS))
        for _ in range(2)
    )
    assert first.plan.assignments == second.plan.assignments
    assert first.bounds == second.bounds
    assert first.status is Status.WORK_LIMIT


def test_a_run_that_the_clock_ended_says_so() -> None:
    instance = generate("town", 1)
    solution = solve(instance, time_limit=0)
    assert solution.status is Status.TIME_LIMIT
    assert_sound(instance, solution)


def test_a_run_that_was_stopped_keeps_the_best_so_far() -> None:
    instance = generate("town", 1)
    solution = solve(instance, should_stop=lambda: True)
    assert solution.status is Status.STOPPED
    assert_sound(instance, solution)


def test_progress_only_gets_better_and_ends_with_the_result() -> None:
    seen: list[Vector] = []
    solution = solve(generate("town", 2), progress=lambda _stage, vector, _seconds, _bounds: seen.append(vector))
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == solution.vector


def test_after_cancellations_few_people_are_disturbed() -> None:
    first_week = generate("town", 4)
    in_force = solve(first_week).plan.assignments
    absent = in_force[::15]
    instance = msgspec.structs.replace(
        first_week, previous=in_force, cancelled=tuple(Cancellation(r.shift, r.volunteer) for r in absent)
    )
    for effort in (Effort(), Effort(exact_pairs=0, price_steps=STEPS, strips=(20, 40), bound_steps=STEPS)):
        solution = solve(instance, effort=effort)
        assert_sound(instance, solution)
        assert solution.vector.changes <= 2 * len(absent)


def town_called_off(seed: int) -> Instance:
    """A town's week of whose best plan some rows are called off."""
    week_in_force = generate("town", seed)
    return called_off(week_in_force, solve(week_in_force).plan.assignments, 0.15, seed)


@pytest.mark.parametrize(("seed", "least"), [(5, 4), (8, 2)])
def test_prices_alone_move_no_more_people_than_they_must_after_cancellations(seed: int, least: int) -> None:
    instance = town_called_off(seed)
    solution = solve(instance, effort=Effort(exact_pairs=0))
    assert_sound(instance, solution)
    assert solution.vector.changes == solve(instance).vector.changes == least


def test_a_bound_on_changes_counts_those_that_fill_seats() -> None:
    assert solve(town_called_off(5), effort=Effort(exact_pairs=0)).bounds[4] == 4


def test_moving_to_another_seat_of_the_shift_is_no_change() -> None:
    week_before = week([person("V1")], [shift("S1")], previous=(row("S1", "V1"),))
    assert solve(week_before).vector.changes == 0


def test_a_green_shift_goes_before_any_number_of_others() -> None:
    green = shift("S1", 540, 480, green=True)
    others = [shift(f"S{n}", 540 + 60 * (n - 2), 60) for n in range(2, 8)]
    solution = solve(week([person("V1")], [green, *others]))
    assert {r.shift for r in solution.plan.assignments} == {"S1"}


def test_prices_alone_come_near_the_optimum_of_a_town() -> None:
    instance = signed_up(generate("town", 8), solve(generate("town", 8)).plan.assignments, 0.1, 1)
    optimum = solve(instance).vector
    solution = solve(instance, effort=Effort(exact_pairs=0, strips=(30, 0, 60)))
    assert_sound(instance, solution)
    assert solution.vector[:3] == optimum[:3] == solution.bounds[:3]
    assert solution.vector.empty_seats <= optimum.empty_seats + 1
    assert solution.bounds[3] is not None
    assert solution.bounds[5] is not None
    assert optimum.empty_seats // 2 <= solution.bounds[3] <= optimum.empty_seats
    if solution.vector[:5] == optimum[:5]:
        assert 0.85 * optimum.burden <= solution.bounds[5] <= optimum.burden


def test_an_empty_week_has_an_empty_plan() -> None:
    assert solve(week([], [])).plan.assignments == ()
    assert solve(week([person("V1")], [])).vector == (0, 0, 0, 0, 0, 0)


def test_nobody_of_the_plan_before_stays_on_a_shift_that_is_not_held() -> None:
    one = seat("first", 0, credentials_any=())
    skilled = seat("second", credentials_any=(), skills_all=("labor",))
    shifts = [
        shift("S0", minutes=180, positions=(one, skilled)),
        shift("S1", minutes=60, positions=(one,)),
        shift("S2", minutes=60, place="away", positions=(one,)),
    ]
    people = [
        person("V0", skills=(), max_minutes_day=240, max_minutes_week=300, max_shifts_week=1),
        person("V1", skills=(), max_minutes_day=120, max_minutes_week=120, max_shifts_week=1, max_travel_m=2000),
    ]
    before = (row("S2", "V0", "first"), row("S0", "V0", "first"), row("S0", "V1", "second"))
    instance = week(people, shifts, previous=before)
    assert_sound(instance, solve(instance))
