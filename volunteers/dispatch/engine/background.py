"""What a repair in milliseconds did not manage, with integer programs: seconds, on the part of the week that matters.

A district is solved exactly: the best vector of all, whatever moves it takes. Of a city the shifts around the loss are
staffed anew, to be as good as before with as few people moved as that takes. The search ends in its time with the best
that it has found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from volunteers.dispatch.engine.board import Board
from volunteers.dispatch.engine.holes import spread
from volunteers.dispatch.engine.incumbent import Deadline
from volunteers.dispatch.engine.mend import STAFFING_LEVELS
from volunteers.dispatch.engine.model import Cutoff, Model, build_model
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints, Pairs
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import held_shifts, vector_of
from volunteers.dispatch.engine.solvers import Limits, minimise

EXACT_PAIRS = 15_000
NEIGHBOURHOODS = (60, 150, 300, 600)
"""Shifts of the parts of a city that are staffed anew, one part after the other."""
DEARER = 3.0
"""How many times longer the next part takes at least; one that would not end in time is not begun."""
MOST_MOVED = 90.0
"""People who move for a restored plan at first; fewer than one empty seat weighs, in steering."""
SOLVING_SHARE = 0.8
"""Of the time that is left, which a solver may use: it looks at the clock now and then only."""
Goal = tuple[int, ...]
STEERING: Floats = np.array([3e6, 3e5, 3e4, 100.0, 1.0, 0.0])
"""Only steers: what comes of it is compared level by level."""
_CHANGES, _BURDEN = 4, 5
_EXACT_WEIGHT = 100_000


@dataclass(frozen=True)
class Improved:
    """The plan found, and whether no better one exists (only ever true where the whole week was solved)."""

    chosen: Ints
    optimal: bool


def improve(
    board: Board, holes: list[int], goal: tuple[int, ...], known: tuple[int | None, ...], deadline: Deadline
) -> Improved:
    """A better plan for the board as it stands, or the same one.

    `holes` are positions where somebody is missing, `goal` the staffing levels that are to be reached again, `known`
    proven lower bounds of these levels (None: not known).
    """
    board.settle()
    allowed = np.flatnonzero(board.allowed)
    problem = _as_it_stands(board, allowed)
    chosen = np.searchsorted(allowed, board.chosen())
    if len(allowed) <= EXACT_PAIRS:
        found = _exact(problem, chosen, known, deadline)
    else:
        found = Improved(_around(board, problem, chosen, holes, goal, deadline), optimal=False)
    return replace(found, chosen=allowed[found.chosen])


def _as_it_stands(board: Board, allowed: Ints) -> Problem:
    """The board's problem without the pairs that cancellations forbid."""
    problem, pairs = board.problem, board.problem.pairs
    pinned = np.array(sorted(board.pinned), np.int64)
    positions = pairs.position[allowed]
    return replace(
        problem,
        pairs=Pairs(pairs.volunteer[allowed], positions, pairs.shift[allowed], pairs.cost[allowed]),
        position_first_pair=np.searchsorted(positions, np.arange(len(problem.position_shift) + 1)).astype(np.int64),
        pinned=np.searchsorted(allowed, pinned).astype(np.int64),
        keeps=board.tallies.keeps[allowed],
        previous_rows=board.tallies.previous_rows,
    )


def _exact(problem: Problem, chosen: Ints, known: tuple[int | None, ...], deadline: Deadline) -> Improved:
    """Objective by objective, each with those before it fixed."""
    model = build_model(problem, chosen, np.ones(len(problem.shift_start), np.bool_))
    staffing = vector_of(problem, chosen)[:STAFFING_LEVELS]
    proven = next((level for level in range(STAFFING_LEVELS) if staffing[level] != known[level]), STAFFING_LEVELS)
    cutoffs = [(row, float(row @ model.start)) for row in model.objectives[:proven]]
    model, optimal = _in_turn(model, _staffing(problem, model, proven), cutoffs, deadline)
    if optimal:
        model, optimal = _in_turn(model, _disturbance(problem, model), cutoffs, deadline)
    return Improved(model.chosen(model.start), optimal)


def _in_turn(
    model: Model, objectives: list[Floats], cutoffs: list[Cutoff], deadline: Deadline, target: float = -math.inf
) -> tuple[Model, bool]:
    """Minimise each objective with those before it fixed, whose rows join the cutoffs; whether all are optimal.

    Whatever is as good as the `target` is enough. A little of the time is kept for what comes after the solver.
    """
    optimal = True
    for objective in objectives:
        if not optimal or deadline.over():
            return model, False
        if objective.any():
            limits = Limits(deadline.left * SOLVING_SHARE, deadline.asked_to_stop, target=target)
            outcome = minimise(model, objective, cutoffs, limits)
            model, optimal = replace(model, start=outcome.values), outcome.optimal
        cutoffs.append((objective, float(objective @ model.start)))
    return model, optimal


def _staffing(problem: Problem, model: Model, proven: int) -> list[Floats]:
    """The levels from `proven` up to the changes, those in one objective whose weights are small enough to be exact.

    Without the changes a plan of the same staffing would be found that has nothing to do with the one before.
    """
    if proven == STAFFING_LEVELS:
        return []
    of_unheld = len(problem.shift_start) + 1
    of_shortage = of_unheld * (int(problem.shift_shortage.sum()) + 1)
    unheld = list(zip((of_shortage, of_unheld, 1), model.objectives, strict=False))[proven:]
    together = [sum((weight * level for weight, level in unheld), np.zeros(len(model.start)))]
    empty, changes = model.objectives[STAFFING_LEVELS - 1], model.objectives[_CHANGES]
    in_turn = together if of_shortage <= _EXACT_WEIGHT else [level for _, level in unheld]
    return [*in_turn, (problem.previous_rows + 1) * empty + changes]


def _disturbance(problem: Problem, model: Model) -> list[Floats]:
    """Changes before burden, in one objective where the weight that this takes is small enough to be exact.

    A plan with no more changes than this one keeps all but `changes` rows of the plan before. The weight is more than
    the burden that can go with those rows and come with all others.
    """
    changes, burden = model.objectives[_CHANGES], model.objectives[_BURDEN]
    pairs, vector = problem.pairs, vector_of(problem, model.chosen(model.start))
    most_shifts = int((problem.recent_shifts + problem.max_shifts_week).max(initial=0))
    dearest = int(pairs.cost.max(initial=0)) + problem.fairness * (2 * most_shifts + 1)
    kept = problem.previous_rows - vector.changes
    added = int(problem.position_max.sum()) - vector.empty_seats - kept
    weight = (added + vector.changes) * dearest + 1
    return [weight * changes + burden] if weight <= _EXACT_WEIGHT else [changes, burden]


def _around(board: Board, problem: Problem, chosen: Ints, holes: list[int], goal: Goal, deadline: Deadline) -> Ints:
    """Staff larger and larger parts around the loss anew until the goal is reached, as long as the next is in time."""
    seeds = _seeds(problem, chosen, holes, goal)
    reached = [spread(board, hole).reached for hole in holes]
    spent = 0.0
    for size in NEIGHBOURHOODS:
        began = deadline.elapsed
        if not len(seeds) or _staffing_of(problem, chosen) <= goal or deadline.over() or spent * DEARER > deadline.left:
            break
        free = _neighbourhood(problem, chosen, seeds, reached, size)
        model = build_model(problem, chosen, free)
        steered, _ = _in_turn(model, [STEERING @ model.objectives], [], deadline, _enough(problem, model, goal))
        better = _calmed(problem, steered, goal, deadline)
        if vector_of(problem, better) < vector_of(problem, chosen):
            chosen = better
        spent = deadline.elapsed - began
    return chosen


def _staffing_of(problem: Problem, chosen: Ints) -> Goal:
    return tuple(vector_of(problem, chosen)[:STAFFING_LEVELS])


def _enough(problem: Problem, model: Model, goal: Goal) -> float:
    """The steering objective of a plan that has reached the goal, whoever moves for it: calming them comes after."""
    now = vector_of(problem, model.chosen(model.start))
    wanted = [
        float(model.objectives[level] @ model.start) + goal[level] - now[level] for level in range(STAFFING_LEVELS)
    ]
    least_changes = float(np.minimum(model.objectives[_CHANGES], 0).sum())
    return float(STEERING[:STAFFING_LEVELS] @ np.array(wanted)) + least_changes + MOST_MOVED


def _seeds(problem: Problem, chosen: Ints, holes: list[int], goal: Goal) -> Ints:
    """Shifts to begin from: those with a hole that somebody may fill, and any whose being held would make up for it.

    A position that fewer people may take than it needs has nobody to look for, whoever moves; many losses that no
    repair restores are of this kind.
    """
    may = np.diff(problem.position_first_pair) >= problem.position_min
    possible = np.ones(len(problem.shift_start), np.bool_)
    possible[problem.position_shift[~may]] = False
    found = [int(shift) for shift in problem.position_shift[holes] if possible[shift]]
    wanting = ~held_shifts(problem, chosen) & possible
    worse = [now > then for now, then in zip(vector_of(problem, chosen), goal, strict=False)]
    of_levels = (problem.shift_green, problem.shift_shortage, np.ones_like(possible))
    unheld = [np.flatnonzero(wanting & counted) for lost, counted in zip(worse, of_levels, strict=False) if lost]
    others: Ints = next((shifts for shifts in unheld if len(shifts)), np.zeros(0, np.int64))
    return np.array(list(dict.fromkeys([*found, *others.tolist()])), np.int64)


def _calmed(problem: Problem, model: Model, goal: Goal, deadline: Deadline) -> Ints:
    """The model's best plan with as few people moved as the goal allows, if it has reached the goal."""
    best = vector_of(problem, model.chosen(model.start))[:STAFFING_LEVELS]
    if best <= goal:
        slack = np.maximum(np.array(goal) - np.array(best), 0)
        values = [float(model.objectives[level] @ model.start + slack[level]) for level in range(STAFFING_LEVELS)]
        cutoffs = [(model.objectives[level], values[level]) for level in range(STAFFING_LEVELS)]
        model, _ = _in_turn(model, _disturbance(problem, model), cutoffs, deadline)
    return model.chosen(model.start)


def _neighbourhood(problem: Problem, chosen: Ints, seeds: Ints, reached: list[Ints], size: int) -> Bools:
    """Shifts around the seeds: a third to which a hole can be moved soonest, the rest in rings.

    A ring is what keeps those busy who may stand on the shifts so far, the shifts with most of them first.
    """
    free = np.zeros(len(problem.shift_start), np.bool_)
    free[seeds[: size // 2]] = True
    depth = max(map(len, reached), default=0)
    in_turn = [positions[n] for n in range(depth) for positions in reached if n < len(positions)]
    near = list(dict.fromkeys(problem.position_shift[np.array(in_turn, np.int64)].tolist()))
    free[near[: size // 3]] = True
    pairs, able = problem.pairs, np.zeros(len(problem.recent_shifts), np.bool_)
    while free.sum() < size:
        able[pairs.volunteer[free[pairs.shift]]] = True
        busy = np.bincount(pairs.shift[chosen[able[pairs.volunteer[chosen]]]], minlength=len(free))
        busy[free] = 0
        ring = np.argsort(-busy, kind="stable")[: min(size - int(free.sum()), int((busy > 0).sum()))]
        if not len(ring):
            break
        free[ring] = True
    return free
