"""A plan that is there, made lighter part by part: what other weights would change, and nothing that they would not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from volunteers.dispatch.engine.guide import find_guide
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.neighbourhoods import improve, simultaneous, strips
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem, compile_problem
from volunteers.dispatch.engine.relaxation import Relaxation
from volunteers.dispatch.engine.roster import assignments_of

WHOLE_PAIRS = 15_000
"""Up to so many eligible pairs a week is one integer program: a district."""
_PRICE_STEPS = 150
_PROMISING = 0.03
_STRIPS = 400


def lightened(instance: Instance, plan: Plan, seconds: float, should_stop: Callable[[], bool] = lambda: False) -> Plan:
    """Return a plan no worse than a valid plan of a valid instance, by the vector, found from there on.

    Each part of the week is staffed anew by an integer program that begins with what stands; where nothing is better,
    nobody moves. A district takes about a second, a city up to `seconds`. ValueError if the plan breaks a rule.
    """
    problem = compile_problem(instance)
    incumbent = Incumbent(problem, _numbers(problem, plan), Deadline(seconds, should_stop), None)
    for part, wanted in _parts(incumbent):
        if incumbent.deadline.over():
            break
        improve(incumbent, part, "reweighing", wanted)
    return Plan(instance.name, assignments_of(problem, incumbent.chosen), vector=tuple(incumbent.vector))


def _parts(incumbent: Incumbent) -> Iterator[tuple[Bools, Bools | None]]:
    problem = incumbent.problem
    if len(problem.pairs) <= WHOLE_PAIRS:
        yield np.ones(len(problem.shift_start), np.bool_), None
        return
    wanted = find_guide(incumbent, Relaxation(problem), _PRICE_STEPS).promising(_PROMISING)
    for group in simultaneous(problem):
        yield group, wanted
    for group in strips(problem, _STRIPS, 0):
        yield group, wanted


def _numbers(problem: Problem, plan: Plan) -> Ints:
    labels = Labels(problem)
    numbers = [labels.pair(row) for row in plan.assignments]
    if None in numbers:
        raise ValueError("the plan breaks a rule")
    return np.array(sorted(number for number in numbers if number is not None), np.int64)
