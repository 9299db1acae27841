"""A province: valid, never worse than greedy, its bounds true, the same from any number of workers."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.province.weeks import QUICK, SEARCHING, small_provinces, tiny_provinces
from tests.volunteers.dispatch.engine.weeks import best_vector, quick, vectors_of_all_plans
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.files import encode
from volunteers.dispatch.engine.generate_changes import called_off
from volunteers.dispatch.engine.generate_province import generate_province
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.homes import shift_cities
from volunteers.dispatch.engine.instance import Instance, Vector
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.province import errands
from volunteers.dispatch.engine.province.division import Done, Part
from volunteers.dispatch.engine.province.plan import plan_province
from volunteers.dispatch.engine.solve import Solution, Status, solve


def assert_sound(instance: Instance, solution: Solution) -> None:
    result = check(instance, solution.plan)
    assert result.violations == ()
    assert result.vector == solution.vector
    assert solution.vector <= greedy(compile_problem(instance)).vector()
    assert all(bound is None or bound <= value for bound, value in zip(solution.bounds, solution.vector, strict=True))


def bare(solution: Solution) -> bytes:
    """The bytes of the plan but for the time it took."""
    return encode(msgspec.structs.replace(solution.plan, seconds=None))


@quick(rounds(25, 500))
@given(small_provinces(6, 8))
def test_any_week_of_two_cities_gets_a_valid_plan(instance: Instance) -> None:
    assert_sound(instance, plan_province(instance, effort=QUICK, workers=1))
    assert_sound(instance, plan_province(instance, effort=SEARCHING, workers=1))
    assert_sound(instance, plan_province(instance, time_limit=0, workers=1))


@quick(rounds(25, 500))
@given(tiny_provinces())
def test_the_green_level_is_that_of_the_best_plan_of_the_whole_and_bounds_are_true(instance: Instance) -> None:
    solution, vectors = plan_province(instance, effort=QUICK, workers=1), vectors_of_all_plans(instance)
    assert solution.vector.green_unheld == best_vector(instance).green_unheld == solution.bounds[0]
    for level, bound in enumerate(solution.bounds):
        as_good = [v[level] for v in vectors if all(v[k] <= solution.vector[k] for k in range(level))]
        assert bound is None or bound <= min(as_good)


@pytest.fixture(scope="module")
def province() -> Instance:
    return generate_province("tiny-province", 1)


@pytest.fixture(scope="module")
def planned(province: Instance) -> Solution:
    return plan_province(province, effort=SEARCHING, workers=1)


@pytest.mark.parametrize("workers", [2, 3])
def test_the_plan_does_not_depend_on_the_number_of_workers(province: Instance, planned: Solution, workers: int) -> None:
    shared = plan_province(province, effort=SEARCHING, workers=workers)
    assert bare(shared) == bare(planned)
    assert planned.status is Status.WORK_LIMIT


def test_the_whole_is_planned_better_than_greedy_and_than_each_city_left_to_itself(
    province: Instance, planned: Solution
) -> None:
    optimum = solve(province)
    assert optimum.vector[:3] == optimum.bounds[:3]
    assert_sound(province, planned)
    assert planned.vector[:2] == planned.bounds[:2] == optimum.vector[:2]
    assert planned.vector.unheld <= optimum.vector.unheld + 3
    assert all(bound is not None for bound in planned.bounds)
    assert planned.vector[:4] < greedy(compile_problem(province)).vector()[:4]


def test_pinned_rows_across_a_border_stay(province: Instance, planned: Solution) -> None:
    cities = dict(zip((s.id for s in province.shifts), shift_cities(province).tolist(), strict=True))
    assert province.pinned
    assert set(province.pinned) <= set(planned.plan.assignments)
    assert len({cities[row.shift] for row in planned.plan.assignments}) == 4


def test_stopped_early_there_is_a_valid_plan(province: Instance) -> None:
    asked = iter([False] * 3)
    solution = plan_province(province, effort=SEARCHING, workers=2, should_stop=lambda: next(asked, True))
    assert solution.status is Status.STOPPED
    assert_sound(province, solution)


def test_a_part_that_the_clock_ended_is_told_and_keeps_nobody_from_mending_the_borders(
    province: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[str] = []

    def hurried(part: Part, *_: object) -> Done:
        plan = solve(part.instance, start=part.start, time_limit=0).plan
        return Done(plan.assignments, Vector(*plan.vector or ()), (None,) * 6, Status.TIME_LIMIT)

    monkeypatch.setattr(errands, "plan_alone", hurried)
    solution = plan_province(province, effort=QUICK, workers=1, progress=lambda stage, *_: stages.append(stage))
    assert "borders: planned" in stages
    assert solution.status is Status.TIME_LIMIT
    assert_sound(province, solution)


def test_with_a_plan_in_force_and_people_away_few_are_disturbed(province: Instance, planned: Solution) -> None:
    disturbed = called_off(msgspec.structs.replace(province, pinned=()), planned.plan.assignments, 0.05, 1)
    solution = plan_province(disturbed, effort=QUICK, workers=1)
    assert_sound(disturbed, solution)
    assert solution.vector.changes <= 3 * len(disturbed.cancelled)
    assert solution.bounds[4] is None
