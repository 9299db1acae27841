"""Plan a week: a feasible plan at once, better ones as long as time and work limits allow.

Small weeks are solved to proven optimality. For a city: greedy, ejection chains by priority, prices by Lagrangian
relaxation, proofs of the first levels on the scarcest shifts, one integer program for what the prices leave open, then
strips and moments of the week staffed anew; prices bound what is not proven (docs/adr/0014-dispatch-by-prices.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from volunteers.dispatch.engine.beside import Beside
from volunteers.dispatch.engine.bounds import (
    Certificate,
    best_bound,
    prove_burden,
    prove_changes,
    prove_empty_seats,
)
from volunteers.dispatch.engine.exact import solve_exactly
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.guide import Guide, find_guide
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent, Progress
from volunteers.dispatch.engine.instance import Assignment, Bounds, Instance, Plan, Vector
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.neighbourhoods import around_gaps, improve, settle, simultaneous, strips
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS, prove_level
from volunteers.dispatch.engine.rebuild import rebuild
from volunteers.dispatch.engine.relaxation import Relaxation
from volunteers.dispatch.engine.restart import repaired
from volunteers.dispatch.engine.roster import assignments_of

DEFAULT_SECONDS = 100.0
_SEARCH_SHARE = 0.75
"""Of the time, after which the search ends to leave the rest to the bounds."""
_PROOFS_SHARE = 0.95
"""Of the time, after which the bounds are taken as they are."""
_PAIRS_APART = 1_000
"""A week of fewer is bounded sooner than a process begins."""
_SETTLING, _NARROW, _WIDE = 0.002, 0.01, 0.045
"""How much dearer than the best week a pair in the models may make it, in empty seats."""


class Status(StrEnum):
    """How a run ended. Only the first two are repeatable: the same instance gives the same plan."""

    OPTIMAL = "optimal"
    WORK_LIMIT = "work_limit"
    TIME_LIMIT = "time_limit"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Effort:
    """Work limits: sizes of models in eligible pairs, of neighbourhoods and strips in shifts, of searches in steps.

    A strip of 0 shifts stands for a pass over all moments of the week, which looks at dearer pairs as well. With a plan
    in force that is to be kept, little is left open, and the strips are `kept_strips`: wider, at last the whole week.
    """

    exact_pairs: int = 15_000
    gaps: int = 150
    price_steps: int = 450
    proof_pairs: int = 120_000
    strips: tuple[int, ...] = (400, 0, 800, 0, 800, 0, 800)
    kept_strips: tuple[int, ...] = (800, 0, 1600, 0, 1600, 0, 5000, 1600)
    bound_steps: int = 300
    seat_bound_steps: int = 1500
    settle: bool = True


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
    start: Sequence[Assignment] = (),
) -> Solution:
    """Plan a valid instance (as `files.decode_instance` returns it) within `time_limit` seconds.

    The greedy plan is made whatever the limit (a second or two for a city), and the result is never worse than it.
    `progress` is called after each step, `should_stop` is asked between steps. `start` are rows that hold together with
    the pinned ones, a whole plan or its most important shifts: the result is never worse than what is built on them.
    """
    deadline = Deadline(time_limit, should_stop)
    problem = compile_problem(instance)
    incumbent = Incumbent(problem, greedy(problem).chosen(), deadline, progress)
    labels = Labels(problem) if start else None
    found = [labels.pair(row) for row in start] if labels else []
    _search(incumbent, effort or Effort(), np.array([pair for pair in found if pair is not None], np.int64))
    return solution_of(incumbent)


def _search(incumbent: Incumbent, effort: Effort, start: Ints) -> None:
    problem = incumbent.problem
    if problem.previous_rows:
        incumbent.offer(repaired(problem, incumbent.deadline.over), "repaired")
    previous = np.flatnonzero(problem.keeps)
    incumbent.offer(rebuild(problem, start, previous, incumbent.deadline.over), "chains")
    if len(problem.pairs) <= effort.exact_pairs:
        _sweep_moments(incumbent)
        _sweep_gaps(incumbent, effort.gaps)
        solve_exactly(incumbent)
    elif not incumbent.deadline.over():
        _search_by_prices(incumbent, effort)


def _search_by_prices(incumbent: Incumbent, effort: Effort) -> None:
    """Too large for one program: prices tell what is settled, what is worth a look, and how good a plan can be."""
    guide = find_guide(incumbent, Relaxation(incumbent.problem), effort.price_steps)
    if not effort.bound_steps:
        _search_along(incumbent, guide, effort)
        return
    work = partial(_certificates, guide, incumbent.vector, effort, incumbent.deadline)
    apart = len(incumbent.problem.pairs) > _PAIRS_APART
    with Beside(work, incumbent.deadline.over, apart=apart) as certificates:
        _search_along(incumbent, guide, effort)
        found = certificates.answer()
    if found is None:
        return
    incumbent.deadline.out_of_time |= found.cut_short
    for level, of_level in found.by_level.items():
        incumbent.prove(level, best_bound(of_level, incumbent.vector), "bounds")


def _search_along(incumbent: Incumbent, guide: Guide, effort: Effort) -> None:
    """Better plans by the guide's prices, with proofs of the first levels."""
    for level in range(PRIORITY_LEVELS - 1):
        incumbent.prove(level, prove_level(incumbent, level, effort.proof_pairs, guide), "priorities")
    if effort.settle:
        settle(incumbent, guide, guide.promising(_SETTLING))
    for turn, size in enumerate(effort.kept_strips if incumbent.problem.previous_rows else effort.strips):
        parts = strips(incumbent.problem, size, turn) if size else simultaneous(incumbent.problem)
        _sweep(incumbent, parts, guide.promising(_NARROW if size else _WIDE))
    for level in range(PRIORITY_LEVELS):
        if incumbent.proven[level] != incumbent.vector[level]:
            incumbent.prove(level, prove_level(incumbent, level, effort.proof_pairs, guide), "priorities")


@dataclass(frozen=True)
class _Proofs:
    """Certificates by level, and whether the clock cut the work on them short."""

    by_level: dict[int, list[Certificate]]
    cut_short: bool


def _certificates(
    guide: Guide, vector: Vector, effort: Effort, deadline: Deadline, stop: Callable[[], bool]
) -> _Proofs:
    """Proofs for what the priorities leave open, from prices alone: no better plan is needed for them."""

    def enough() -> bool:
        return stop() or deadline.past(_PROOFS_SHARE)

    seats = prove_empty_seats(guide, effort.seat_bound_steps, enough)
    burden = prove_burden(guide, vector.unheld + seats.bound(vector), effort.bound_steps // 2, enough)
    changes = prove_changes(guide, effort.bound_steps, enough)
    return _Proofs({3: [seats], 4: [changes], 5: burden}, deadline.out_of_time)


def _sweep(incumbent: Incumbent, parts: Iterator[Bools], wanted: Bools) -> None:
    for group in parts:
        if incumbent.deadline.past(_SEARCH_SHARE):
            return
        improve(incumbent, group, "strips", wanted)


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


def solution_of(incumbent: Incumbent) -> Solution:
    """The best plan with what is proven of it."""
    deadline, problem = incumbent.deadline, incumbent.problem
    proven = incumbent.bounds
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
