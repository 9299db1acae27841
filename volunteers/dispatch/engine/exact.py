"""Small weeks solved to proven optimality: one integer program per level, each with the levels before it fixed."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np

from volunteers.dispatch.engine.beside import Beside
from volunteers.dispatch.engine.bounds import Certificate, best_bound, prove_burden
from volunteers.dispatch.engine.guide import find_guide
from volunteers.dispatch.engine.incumbent import LEVELS, Incumbent
from volunteers.dispatch.engine.model import Cutoff, Model, build_model
from volunteers.dispatch.engine.neighbourhoods import improve
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS, prove_level
from volunteers.dispatch.engine.relaxation import Relaxation
from volunteers.dispatch.engine.solvers import Limits, minimise

_PRICED_PAIRS = 2_000
"""Smaller weeks are solved before prices are found."""
_PRICE_STEPS = 400
_PROMISING = 0.005
"""How much dearer than the best week a pair in the first model may make it, in empty seats."""


def solve_exactly(incumbent: Incumbent) -> None:
    """Bring the incumbent to optimality level by level, as far as time allows; notes what is proven.

    A steering objective over all levels comes first: it mostly finds the optimum, which the levels then only
    prove. The first three are mostly proven on a part of the week already, and prices bound the last one beside all
    this should its proof take too long.
    """
    problem, deadline = incumbent.problem, incumbent.deadline
    everything = np.ones(len(problem.shift_start), np.bool_)
    if len(problem.pairs) <= _PRICED_PAIRS or deadline.over():
        improve(incumbent, everything, "exact")
        _prove_levels(incumbent, None)
        return
    guide = find_guide(incumbent, Relaxation(problem), _PRICE_STEPS)
    left_empty = incumbent.vector.unheld + incumbent.vector.empty_seats
    with Beside(partial(prove_burden, guide, left_empty, 2 * _PRICE_STEPS), deadline.over) as burden:
        improve(incumbent, everything, "prices", guide.promising(_PROMISING))
        _prove_levels(incumbent, burden)


def _prove_levels(incumbent: Incumbent, burden: Beside[list[Certificate]] | None) -> None:
    problem, deadline = incumbent.problem, incumbent.deadline
    for level in range(PRIORITY_LEVELS):
        incumbent.prove(level, prove_level(incumbent, level, len(problem.pairs) // 2), "exact")
    model = build_model(problem, incumbent.chosen, np.ones(len(problem.shift_start), np.bool_))
    cutoffs: list[Cutoff] = []
    for level, objective in enumerate(model.objectives):
        if level == LEVELS - 1 and burden is not None and not deadline.over():
            incumbent.prove(level, best_bound(burden.answer() or (), incumbent.vector), "prices")
        if incumbent.proven[level] != incumbent.vector[level]:
            model = _solve_level(incumbent, model, level, cutoffs)
        if incumbent.proven[level] != incumbent.vector[level]:
            return
        cutoffs.append((objective, float(objective @ model.start)))


def _solve_level(incumbent: Incumbent, model: Model, level: int, cutoffs: list[Cutoff]) -> Model:
    """The model starting from the best plan on this level; notes the level's bound."""
    objective, deadline = model.objectives[level], incumbent.deadline
    if not objective.any():
        incumbent.prove(level, incumbent.vector[level], "exact")
        return model
    if deadline.over():
        return model
    offset = incumbent.vector[level] - float(objective @ model.start)
    outcome = minimise(model, objective, cutoffs, Limits(deadline.left, deadline.asked_to_stop))
    incumbent.offer(model.chosen(outcome.values), "exact")
    if outcome.bound is not None:
        incumbent.prove(level, math.ceil(outcome.bound + offset - 1e-6), "exact")
    return replace(model, start=outcome.values)
