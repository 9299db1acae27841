"""What the engine says of plans is what a judge says who knows nothing but the description of the formats."""

import gzip
import json
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.readme_checker import judge
from tests.volunteers.dispatch.engine.weeks import EXAMPLES, quick, small_weeks
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.generate_changes import called_off, signed_up
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan
from volunteers.dispatch.engine.sketch import sketch
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.validation import faults_of

DISTRICT_SECONDS, CITY_SECONDS = 15, 100
SEEDS = (2, 1, 3, 4, 5, 6)[: rounds(1, 6)]
"""The second week is proved best soonest."""
PERSONAL = frozenset({1, 2, 3, 4, 5, 11})
EVERY_RULE = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})


def weeks_of_the_format() -> st.SearchStrategy[Instance]:
    """Weeks without what this house adds to the format: travel times that somebody stated."""
    estimated = small_weeks().map(lambda week: msgspec.structs.replace(week, travel=msgspec.UNSET))
    return estimated.filter(lambda week: not faults_of(week))


def plain(value: Any) -> Any:
    """Return what stands in a file."""
    return json.loads(files.encode(value))


def assert_both_agree(instance: Instance, plan: Plan) -> frozenset[int]:
    """Hold the engine's check to the second judge; return the rules that both see broken.

    Of what is wrong between one person and one seat the engine names the first thing only.
    """
    result, verdict = check(instance, plan), judge(plain(instance), plain(plan))
    named = {violation.rule for violation in result.violations}
    assert named - PERSONAL == verdict.broken - PERSONAL
    assert named <= verdict.broken
    assert bool(named & PERSONAL) == bool(verdict.broken & PERSONAL)
    assert result.valid == (not verdict.broken)
    assert tuple(result.vector) == verdict.vector
    return frozenset(named)


def assert_sound(instance: Instance, plan: Plan) -> None:
    """A plan of the engine's breaks nothing and is worth what it says, by both."""
    assert assert_both_agree(instance, plan) == frozenset()
    assert plan.vector == judge(plain(instance), plain(plan)).vector


@pytest.mark.parametrize(
    ("name", "optimum"), [("example-tiny", (0, 2, 2, 3, 0, 1487)), ("example-small", (5, 4, 20, 30, 0, 7843))]
)
def test_the_second_judge_finds_the_proven_optimum_in_the_plans_of_the_examples(
    name: str, optimum: tuple[int, ...]
) -> None:
    path = EXAMPLES / f"{name}.json.gz"
    plan = solve(files.read_instance(path)).plan
    verdict = judge(json.loads(gzip.decompress(path.read_bytes())), plain(plan))
    assert (verdict.broken, verdict.vector) == (frozenset(), optimum)


def test_the_second_judge_agrees_with_the_plan_that_came_with_the_example() -> None:
    given_week = json.loads(gzip.decompress((EXAMPLES / "example-tiny.json.gz").read_bytes()))
    verdict = judge(given_week, json.loads((EXAMPLES / "example-tiny.plan.json").read_bytes()))
    assert (verdict.broken, verdict.vector) == (frozenset(), (0, 2, 2, 3, 0, 1487))


@quick(rounds(150, 3000))
@given(weeks_of_the_format(), st.data())
def test_both_judges_agree_on_any_plan_however_wrong(instance: Instance, data: st.DataObject) -> None:
    seats = [(shift.id, position.id) for shift in instance.shifts for position in shift.positions]
    people = [volunteer.id for volunteer in instance.volunteers]
    rows = data.draw(st.lists(st.tuples(st.sampled_from(seats), st.sampled_from(people)), max_size=12, unique=True))
    assert_both_agree(instance, Plan(instance.name, tuple(Assignment(*seat, who) for seat, who in rows)))


def test_both_judges_see_every_rule_broken_by_plans_that_were_spoilt() -> None:
    week = generate("town", 3)
    rows = sketch(week).assignments
    week = called_off(signed_up(week, rows, 0.2, 1), rows, 0.1, 2)
    plan, chance, seen = sketch(week), random.Random(5), frozenset[int]()
    for _ in range(rounds(60, 1000)):
        seen |= assert_both_agree(week, _spoilt(week, plan, chance))
    assert seen >= EVERY_RULE - {4}  # people of generated weeks have no party against them: the weeks above have


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_of_a_district_hold_before_both_judges_also_after_cancellations(seed: int) -> None:
    week = generate("district", seed)
    first = solve(week, time_limit=DISTRICT_SECONDS).plan
    assert_sound(week, first)
    changed = called_off(signed_up(week, first.assignments, 0.3, seed), first.assignments, 0.03, seed)
    assert_sound(changed, solve(changed, time_limit=DISTRICT_SECONDS).plan)


@pytest.mark.skipif(rounds(0, 1) == 0, reason="a city takes minutes: full rounds only")
def test_plans_of_a_city_hold_before_both_judges_also_after_cancellations() -> None:
    week = generate("city", 1)
    first = solve(week, time_limit=CITY_SECONDS).plan
    assert_sound(week, first)
    changed = called_off(week, first.assignments, 0.01, 1)
    assert_sound(changed, solve(changed, time_limit=CITY_SECONDS).plan)


def _spoilt(week: Instance, plan: Plan, chance: random.Random) -> Plan:
    """The plan with rows dropped, and people sent where chance sends them."""
    rows = set(chance.sample(plan.assignments, len(plan.assignments) - chance.randrange(4)))
    for _ in range(chance.randrange(6)):
        shift = chance.choice(week.shifts)
        rows.add(Assignment(shift.id, chance.choice(shift.positions).id, chance.choice(week.volunteers).id))
    for cancelled in chance.sample(week.cancelled, min(1, chance.randrange(3), len(week.cancelled))):
        seat = next(
            row for row in week.previous if (row.shift, row.volunteer) == (cancelled.shift, cancelled.volunteer)
        )
        rows.add(seat)
    return Plan(plan.instance, tuple(sorted(rows)))
