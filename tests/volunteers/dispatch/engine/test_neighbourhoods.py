"""Parts of a week that are staffed anew: which shifts belong together, and what a settled plan must not lose."""

from __future__ import annotations

import numpy as np

from tests.volunteers.dispatch.engine.weeks import person, row, seat, shift, week
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent
from volunteers.dispatch.engine.instance import Assignment
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.neighbourhoods import held_again, strips, with_rivals
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem, compile_problem
from volunteers.dispatch.engine.roster import assignments_of

WU = seat(languages_all=("wu",))


def two_at_nine_and_one_later() -> Problem:
    """Bao alone speaks Wu; the others may only do the shift in town at nine and the one in the evening."""
    people = [person("bao", languages=("mandarin", "wu")), person("he"), person("mei")]
    return compile_problem(
        week(people, [shift("village", positions=(WU,)), shift("town"), shift("evening", 1080)]),
    )


def pairs(problem: Problem, *rows: Assignment) -> Ints:
    labels = Labels(problem)
    return np.array(sorted(pair for one in rows if (pair := labels.pair(one)) is not None), np.int64)


def the_shift(problem: Problem, name: str) -> Bools:
    return np.array([one.id == name for one in problem.instance.shifts])


def test_rivals_of_a_shift_are_those_that_keep_people_busy_who_could_work_in_it() -> None:
    problem = two_at_nine_and_one_later()
    chosen = pairs(problem, row("town", "bao"), row("evening", "mei"))
    assert with_rivals(problem, chosen, the_shift(problem, "village")).tolist() == [True, True, False]
    chosen = pairs(problem, row("town", "he"), row("evening", "bao"))
    assert with_rivals(problem, chosen, the_shift(problem, "village")).tolist() == [True, False, True]


def test_a_plan_that_gave_up_a_shift_of_the_best_one_holds_it_again_with_others_moved() -> None:
    problem = two_at_nine_and_one_later()
    best = pairs(problem, row("village", "bao"), row("town", "he"))
    incumbent = Incumbent(problem, best, Deadline(60), None)
    whole = pairs(problem, row("town", "bao"), row("evening", "mei"))
    nothing_more = np.zeros(len(problem.pairs), np.bool_)
    worth_a_look = nothing_more.copy()
    worth_a_look[pairs(problem, row("town", "he"))] = True
    better = held_again(incumbent, whole, worth_a_look)
    assert set(assignments_of(problem, better)) == {row("village", "bao"), row("town", "he"), row("evening", "mei")}
    without = held_again(incumbent, whole, nothing_more)
    assert set(assignments_of(problem, without)) == {row("town", "bao"), row("evening", "mei")}


def test_a_week_no_larger_than_a_strip_is_not_cut() -> None:
    problem = two_at_nine_and_one_later()
    for turn in range(7):
        assert [group.tolist() for group in strips(problem, 3, turn) if group.any()] == [[True] * 3]
    assert len([group for group in strips(problem, 2, 1) if group.any()]) == 2
