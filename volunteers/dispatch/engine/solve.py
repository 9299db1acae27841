"""Plan a week: a feasible plan at once, better ones as long as time and work limits allow.

Small weeks are solved to proven optimality. For a city: greedy, ejection chains by priority, proofs of the first
levels on growing parts, then parts of the week (a moment, a neighbourhood) staffed anew by integer programs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import numpy as np

from volunteers.dispatch.engine.bounds import bound_burden, bound_changes, bound_empty_seats
from volunteers.dispatch.engine.exact import solve_exactly
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.guide import find_guide
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent, Progress
from volunteers.dispatch.engine.instance import Bounds, Instance, Plan, Vector
from volunteers.dispatch.engine.model import LEVELS
from volunteers.dispatch.engine.neighbourhoods import around_gaps, improve, settle, simultaneous, strips
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS, prove_level
from volunteers.dispatch.engine.rebuild import rebuild
from volunteers.dispatch.engine.relaxation import Relaxation
from volunteers.dispatch.engine.restart import repaired
from volunteers.dispatch.engine.roster import assignments_of

DEFAULT_SECONDS = 25.0


class Status(StrEnum):
    """How a run ended. Only the first two are repeatable: the same instance gives the same plan."""

    OPTIMAL = "optimal"
    WORK_LIMIT = "work_limit"
    TIME_LIMIT = "time_limit"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Effort:
    """Work limits. Sizes of models are eligible pairs, sizes of neighbourhoods are shifts."""

    exact_pairs: int = 15_000
    gaps: int = 150
    price_steps: int = 300
    proof_pairs: int = 120_000
    strips: tuple[int, ...] = (400,) * 4 + (800,) * 6
    bound_steps: int = 150


@dataclass(frozen=True)
class Solution:
    """A valid plan with its vector. `bounds[k]` is a proven lower bound on level k over all plans as good on the levels
    before it, None where nothing was proven; `seconds` is wall-clock time."""

    plan: Plan
    vector: Vector
    bounds: Bounds
    status: Status
    seconds: float


def solve(
    instance: Instance,
    *,
    time_limit: float = DEFAULT_SECONDS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    effort: Effort | None = None,
) -> Solution:
    """Plan a valid instance (as `files.decode_instance` returns it) within `time_limit` seconds.

    The greedy plan is made whatever the limit (a second or two for a city), and the result is never worse than it.
    `progress` is called after each step, `should_stop` is asked between steps.
    """
    deadline = Deadline(time_limit, should_stop)
    problem = compile_problem(instance)
    incumbent = Incumbent(problem, greedy(problem).chosen(), deadline, progress)
    bounds = _search(incumbent, effort or Effort())
    return _solution(incumbent, bounds)


def _search(incumbent: Incumbent, effort: Effort) -> list[int | None]:
    problem = incumbent.problem
    if problem.previous_rows:
        incumbent.offer(repaired(problem, incumbent.deadline.over), "repaired")
    previous = np.flatnonzero(problem.keeps)
    nobody = np.zeros(0, np.int64)
    incumbent.offer(rebuild(problem, nobody, previous, incumbent.deadline.over), "chains")
    if len(problem.pairs) <= effort.exact_pairs:
        _sweep_moments(incumbent)
        _sweep_gaps(incumbent, effort.gaps)
        return solve_exactly(incumbent)
    return _search_by_prices(incumbent, effort)


def _search_by_prices(incumbent: Incumbent, effort: Effort) -> list[int | None]:
    """Too large for one program: prices tell what is settled, what is worth a look, and how good a plan can be."""
    deadline, problem = incumbent.deadline, incumbent.problem
    bounds: list[int | None] = [None] * LEVELS
    if deadline.over():
        return bounds
    guide = find_guide(incumbent, Relaxation(problem), effort.price_steps)
    for level in range(PRIORITY_LEVELS - 1):
        bounds[level] = prove_level(incumbent, level, effort.proof_pairs, guide)
    wanted = guide.promising()
    settle(incumbent, guide, wanted)
    for turn, size in enumerate(effort.strips):
        for group in strips(problem, size, turn):
            if deadline.over():
                break
            improve(incumbent, group, "strips", wanted)
    for level in range(PRIORITY_LEVELS):
        if bounds[level] != incumbent.vector[level]:
            bounds[level] = prove_level(incumbent, level, effort.proof_pairs // 2, guide)
    bounds[3] = bound_empty_seats(guide, incumbent.vector, effort.bound_steps, deadline.asked_to_stop)
    bounds[4] = bound_changes(guide, incumbent.vector, effort.bound_steps, deadline.asked_to_stop)
    bounds[5] = bound_burden(guide, incumbent.vector, effort.bound_steps, deadline.asked_to_stop)
    return bounds


def _sweep_moments(incumbent: Incumbent) -> None:
    for group in simultaneous(incumbent.problem):
        if incumbent.deadline.over():
            return
        improve(incumbent, group, "moments")


def _sweep_gaps(incumbent: Incumbent, size: int) -> None:
    for group in around_gaps(incumbent, size):
        if incumbent.deadline.over():
            return
        improve(incumbent, group, "neighbourhoods")


def _solution(incumbent: Incumbent, bounds: list[int | None]) -> Solution:
    deadline, problem = incumbent.deadline, incumbent.problem
    proven = cast(Bounds, tuple(bounds))
    status = _status(deadline, tuple(incumbent.vector) == proven)
    seconds = round(deadline.elapsed, 3)
    plan = Plan(
        instance=problem.instance.name,
        assignments=assignments_of(problem, incumbent.chosen),
        vector=tuple(incumbent.vector),
        bounds=proven,
        status=status.value,
        seconds=seconds,
    )
    return Solution(plan, incumbent.vector, proven, status, seconds)


def _status(deadline: Deadline, optimal: bool) -> Status:
    if optimal:
        return Status.OPTIMAL
    deadline.over()
    if deadline.stopped:
        return Status.STOPPED
    return Status.TIME_LIMIT if deadline.out_of_time else Status.WORK_LIMIT
