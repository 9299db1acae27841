"""Prove the first three levels optimal, or find the better plan that disproves it, on as small a part as will do.

A plan for the whole is also a plan for any subset of the shifts, so the fewest shifts of a subset that must stay
unheld bound the whole from below. The subset grows from the unheld shifts along the people who could save them;
usually the bound meets the plan's value long before the subset is the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from volunteers.dispatch.engine.bounds import bound_unheld
from volunteers.dispatch.engine.guide import Guide
from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.model import Model, build_model
from volunteers.dispatch.engine.neighbourhoods import with_rivals
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.rebuild import rebuild
from volunteers.dispatch.engine.roster import held_shifts
from volunteers.dispatch.engine.solvers import Limits, minimise

PRIORITY_LEVELS = 3
_LINES = (3.0, 1.5, 1.1, 0.9, 0.6, 0.4)
"""Shifts are added to the subset when a seat is dearer than that, in empty seats."""
_STAGES = ("green", "shortage", "unheld")


def prove_level(incumbent: Incumbent, level: int, most_pairs: int, guide: Guide | None = None) -> int | None:
    """A lower bound on the level (0-2) over all plans as good as the incumbent on the levels before it.

    None if nothing was proven. Improves the incumbent where a subset shows how. Subsets with more than `most_pairs`
    eligible pairs are left alone. A guide's prices may prove the level at once, and tell which shifts to add first.
    """
    problem, deadline = incumbent.problem, incumbent.deadline
    counted = _counted(problem, level)
    relevant = np.logical_or.reduce([_counted(problem, earlier) for earlier in range(level + 1)])
    subset = _unheld(incumbent) & relevant
    scarcer = _scarcest_first(guide, relevant)
    proven = None if guide is None else bound_unheld(guide, level)
    while not deadline.over():
        if (proven is not None and proven >= incumbent.vector[level]) or _pairs_of(problem, subset) > most_pairs:
            return proven
        model = _relaxed_model(incumbent, subset)
        cutoffs = [(model.objectives[k], float(model.objectives[k] @ model.start)) for k in range(level)]
        outcome = minimise(model, model.objectives[level], cutoffs, Limits(deadline.left, deadline.asked_to_stop))
        if outcome.bound is not None:
            proven = max(proven or 0, math.ceil(outcome.bound + int((subset & counted).sum()) - 1e-6))
        if proven is None or proven >= incumbent.vector[level] or not outcome.optimal:
            return proven
        grown = subset | next(scarcer, with_rivals(problem, incumbent.chosen, subset) & relevant)
        if guide is not None or (grown == subset).all():
            _adopt(incumbent, replace(model, start=outcome.values), level)
        if (grown == subset).all():
            return proven
        subset = grown
    return proven


def _scarcest_first(guide: Guide | None, relevant: Bools) -> Iterator[Bools]:
    """Larger and larger sets of the relevant shifts whose seats are dear."""
    if guide is None:
        return
    problem = guide.relaxation.problem
    for line in _LINES:
        scarce = np.zeros_like(relevant)
        scarce[problem.position_shift[guide.prices > line]] = True
        yield scarce & relevant


def _counted(problem: Problem, level: int) -> Bools:
    """The shifts that count on a level; one that needs nobody is always held."""
    everything = np.ones_like(problem.shift_green)
    return problem.shift_needs_people & (problem.shift_green, problem.shift_shortage, everything)[level]


def _unheld(incumbent: Incumbent) -> Bools:
    return np.asarray(~held_shifts(incumbent.problem, incumbent.chosen), np.bool_)


def _pairs_of(problem: Problem, subset: Bools) -> int:
    return int(subset[problem.pairs.shift].sum())


def _relaxed_model(incumbent: Incumbent, subset: Bools) -> Model:
    """The subset with the pinned rows of the whole, but nobody else's work elsewhere."""
    problem, chosen = incumbent.problem, incumbent.chosen
    kept = subset[problem.pairs.shift[chosen]] | np.isin(chosen, problem.pinned)
    return build_model(problem, chosen[kept], subset)


def _adopt(incumbent: Incumbent, model: Model, level: int) -> None:
    """Build a whole plan around the better part."""
    core: Ints = model.chosen(model.start)
    whole = rebuild(incumbent.problem, core, incumbent.chosen, incumbent.deadline.over)
    incumbent.offer(whole, _STAGES[level])
