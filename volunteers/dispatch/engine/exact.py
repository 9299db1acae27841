"""Small weeks solved to proven optimality: one integer program per level, each with the levels before it fixed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.model import LEVELS, Cutoff, Model, build_model
from volunteers.dispatch.engine.neighbourhoods import improve
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS, prove_level
from volunteers.dispatch.engine.solvers import Limits, minimise


def solve_exactly(incumbent: Incumbent) -> list[int | None]:
    """Bring the incumbent to optimality level by level; returns the proven bound of each level reached.

    A steering objective over all levels comes first: it mostly finds the optimum, which the levels then only
    prove. The first three are mostly proven on a part of the week already.
    """
    problem = incumbent.problem
    everything = np.ones(len(problem.shift_start), np.bool_)
    improve(incumbent, everything, "exact")
    bounds: list[int | None] = [None] * LEVELS
    for level in range(PRIORITY_LEVELS):
        bounds[level] = prove_level(incumbent, level, len(problem.pairs) // 2)
    model = build_model(problem, incumbent.chosen, everything)
    cutoffs: list[Cutoff] = []
    for level, objective in enumerate(model.objectives):
        if bounds[level] != incumbent.vector[level]:
            model, bounds[level] = _solve_level(incumbent, model, level, cutoffs)
        if bounds[level] != incumbent.vector[level]:
            break
        cutoffs.append((objective, float(objective @ model.start)))
    return bounds


def _solve_level(incumbent: Incumbent, model: Model, level: int, cutoffs: list[Cutoff]) -> tuple[Model, int | None]:
    """The model starting from the best plan on this level, and the level's proven bound."""
    objective = model.objectives[level]
    if not objective.any():
        return model, incumbent.vector[level]
    deadline = incumbent.deadline
    if deadline.over():
        return model, None
    offset = incumbent.vector[level] - float(objective @ model.start)
    outcome = minimise(model, objective, cutoffs, Limits(deadline.left, deadline.asked_to_stop))
    incumbent.offer(model.chosen(outcome.values), "exact")
    bound = None if outcome.bound is None else math.ceil(outcome.bound + offset - 1e-6)
    return replace(model, start=outcome.values), bound
