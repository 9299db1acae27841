"""The roster of a province gives the same greedy plan as that of a city."""

from __future__ import annotations

from hypothesis import given

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import quick, small_weeks
from volunteers.dispatch.engine.generate_province import generate_province
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.roster import Roster
from volunteers.dispatch.engine.wide_roster import WideRoster


@quick(rounds(50, 2000))
@given(small_weeks())
def test_greedy_is_the_same_on_either_roster(instance: Instance) -> None:
    problem = compile_problem(instance)
    assert greedy(problem, WideRoster(problem)).chosen().tolist() == greedy(problem).chosen().tolist()


def test_a_tiny_province_agrees_too() -> None:
    problem = compile_problem(generate_province("tiny-province", 2))
    narrow, wide = Roster(problem), WideRoster(problem)
    assert [list(pairs) for pairs in wide.pairs_of_position] == [list(pairs) for pairs in narrow.pairs_of_position]
    assert greedy(problem, wide).vector() == greedy(problem, narrow).vector()
