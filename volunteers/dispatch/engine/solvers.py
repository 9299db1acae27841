"""The only module that knows a solver library: HiGHS (https://highs.dev), through highspy 1.15.

Traps: `threads` must never change within a process (later runs silently return no solution); OR-Tools cannot be
imported beside highspy 1.15.1; "optimal" means optimal for the columns of the model, nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from volunteers.dispatch.engine.model import Cutoff, Model
from volunteers.dispatch.engine.pairs import Floats

_ABSOLUTE_GAP = 0.999
"""All objectives are integers: a gap below one proves optimality."""
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Limits:
    """Work limits make a run repeatable; the clock (`seconds`) or the caller's `should_stop` may end it earlier."""

    seconds: float
    should_stop: Callable[[], bool]
    nodes: int = 10_000
    gap: float = _ABSOLUTE_GAP
    target: float = -math.inf
    """Of the objective: whatever is as good as that is enough, and ends the run."""


@dataclass(frozen=True)
class Outcome:
    """Best column values (never worse than the start), a proven lower bound or None, whether proven optimal."""

    values: Floats
    bound: float | None
    optimal: bool


def minimise(model: Model, objective: Floats, cutoffs: list[Cutoff], limits: Limits) -> Outcome:
    """Minimise `objective` (integer coefficients, one per column) starting from `model.start`.

    `cutoffs` are rows that `model.start` satisfies. The outcome is the start itself if nothing better was found.
    """
    if not len(model.start):
        return Outcome(model.start, 0.0, optimal=True)
    highs = _configured(limits)
    highs.passModel(_linear_program(model, objective, cutoffs))
    solution = highspy.HighsSolution()
    solution.col_value = model.start.tolist()
    highs.setSolution(solution)
    highs.run()
    values = _best_values(highs, model, objective)
    optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Outcome(values, _proven_bound(highs, float(objective @ values), optimal, limits), optimal)


def _best_values(highs: highspy.Highs, model: Model, objective: Floats) -> Floats:
    """The solver's solution, or the start if it has none or a worse one."""
    if highs.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
        return model.start
    values = np.array(highs.getSolution().col_value)
    return values if objective @ values < objective @ model.start - _TOLERANCE else model.start


def _proven_bound(highs: highspy.Highs, value: float, optimal: bool, limits: Limits) -> float | None:
    """`mip_dual_bound` is 0 for a model that presolve alone has solved, so an optimal value is its own bound."""
    if optimal and limits.gap < 1:
        return value
    bound = highs.getInfo().mip_dual_bound
    return bound if not optimal and np.isfinite(bound) else None


def _configured(limits: Limits) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for option, value in {
        "threads": 1,
        "random_seed": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": limits.gap,
        "time_limit": max(limits.seconds, 0.0),
        "mip_max_nodes": limits.nodes,
        "objective_target": limits.target,
    }.items():
        highs.setOptionValue(option, value)
    _stop_when(highs, limits.should_stop)
    return highs


def _stop_when(highs: highspy.Highs, should_stop: Callable[[], bool]) -> None:
    """Ask between the solver's own steps; also gives Python a moment to run signal handlers."""

    def interrupt(event: highspy.highs.HighsCallbackEvent) -> None:
        if should_stop():
            event.interrupt()

    highs.cbMipInterrupt.subscribe(interrupt)
    highs.cbSimplexInterrupt.subscribe(interrupt)


def _linear_program(model: Model, objective: Floats, cutoffs: list[Cutoff]) -> highspy.HighsLp:
    rows, width = model.rows, len(model.start)
    cut_columns = [np.flatnonzero(coefficients) for coefficients, _ in cutoffs]
    cut_values = [coefficients[columns] for (coefficients, _), columns in zip(cutoffs, cut_columns, strict=True)]
    lengths = np.cumsum([len(columns) for columns in cut_columns], dtype=np.int64)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = width, len(rows.lower) + len(cutoffs)
    lp.col_cost_ = objective
    lp.col_lower_ = model.lower
    lp.col_upper_ = np.ones(width)
    lp.row_lower_ = np.array([*rows.lower, *(-np.inf for _ in cutoffs)])
    lp.row_upper_ = np.array([*rows.upper, *(value for _, value in cutoffs)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([rows.starts, len(rows.columns) + lengths]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([rows.columns, *cut_columns]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([rows.values, *cut_values]).astype(np.float64)
    integral = highspy.HighsVarType.kInteger
    free = highspy.HighsVarType.kContinuous
    lp.integrality_ = [integral] * model.binaries + [free] * (width - model.binaries)
    return lp
