"""Parts of the week that are worth staffing anew at once, with everything else left as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from volunteers.dispatch.engine.guide import Guide
from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.model import build_model
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.rebuild import rebuild
from volunteers.dispatch.engine.roster import held_shifts
from volunteers.dispatch.engine.solvers import Limits, minimise

LEVEL_WEIGHTS: Floats = np.array([2e6, 4e5, 1e5, 1e4, 400.0, 1.0])
"""One objective for a part of the week. It only steers: a result is compared level by level before it is taken."""
_ACCEPTED_GAP = 20.0
_LESS_THAN_A_SEAT = float(LEVEL_WEIGHTS[3]) - 1
"""To prove the last seat of a whole city would cost as much as all the rest, and strips mend what is left open."""
_NODES = 20
_GOLDEN_ANGLE = 2.399963
"""Multiples of it never come near each other."""


def improve(incumbent: Incumbent, free: Bools, stage: str, wanted: Bools | None = None) -> bool:
    """Staff the `free` shifts anew if that gives a better plan; whether it did."""
    return incumbent.offer(restaffed(incumbent, incumbent.chosen, free, wanted), stage)


def restaffed(
    incumbent: Incumbent, chosen: Ints, free: Bools, wanted: Bools | None, gap: float = _ACCEPTED_GAP
) -> Ints:
    """The plan `chosen` with the `free` shifts staffed anew, from the pairs in `wanted` only if that is given."""
    model, deadline = build_model(incumbent.problem, chosen, free, wanted), incumbent.deadline
    limits = Limits(deadline.left, deadline.asked_to_stop, nodes=_NODES, gap=gap)
    return model.chosen(minimise(model, LEVEL_WEIGHTS @ model.objectives, [], limits).values)


def settle(incumbent: Incumbent, guide: Guide, wanted: Bools) -> None:
    """Keep what the prices have settled and staff the rest at once; then put the priorities right."""
    problem, deadline = incumbent.problem, incumbent.deadline
    core = guide.settled()
    full = np.bincount(problem.pairs.position[core], minlength=len(problem.position_max)) >= problem.position_max
    free = np.zeros(len(problem.shift_start), np.bool_)
    free[problem.position_shift[~full]] = True
    whole = rebuild(problem, core, np.zeros(0, np.int64), deadline.over)
    if deadline.over():
        return
    whole = restaffed(incumbent, whole, free, wanted, _LESS_THAN_A_SEAT)
    if incumbent.offer(whole, "settled") or incumbent.offer(held_again(incumbent, whole, wanted), "settled"):
        return
    first = problem.shift_green | problem.shift_shortage
    held = incumbent.chosen[first[problem.pairs.shift[incumbent.chosen]]]
    incumbent.offer(rebuild(problem, held, whole, deadline.over), "settled")


def held_again(incumbent: Incumbent, whole: Ints, wanted: Bools) -> Ints:
    """The plan `whole`, staffed anew around the shifts that it does not hold though the incumbent does."""
    problem = incumbent.problem
    lost = held_shifts(problem, incumbent.chosen) & ~held_shifts(problem, whole)
    worth_a_look = wanted | lost[problem.pairs.shift]
    return restaffed(incumbent, whole, with_rivals(problem, whole, lost), worth_a_look)


def with_rivals(problem: Problem, chosen: Ints, shifts: Bools) -> Bools:
    """The shifts, and those that keep people busy who could work in them."""
    able = np.unique(problem.pairs.volunteer[shifts[problem.pairs.shift]])
    rivals = shifts.copy()
    rivals[problem.pairs.shift[chosen[np.isin(problem.pairs.volunteer[chosen], able)]]] = True
    return rivals


def strips(problem: Problem, size: int, turn: int) -> Iterator[Bools]:
    """The week cut into strips of about `size` shifts across the map, each turn in another direction; whole if it has
    no more."""
    x, y = _coordinates(problem)
    angle = turn * _GOLDEN_ANGLE
    order = np.argsort(x * math.cos(angle) + y * math.sin(angle), kind="stable")
    offset = turn * size // 3 % size if size < len(order) else 0
    for part in np.split(order, range(offset, len(order), size)):
        group = np.zeros(len(order), np.bool_)
        group[part] = True
        yield group


def simultaneous(problem: Problem) -> Iterator[Bools]:
    """Groups of shifts that share a moment, covering the week.

    Nobody can do two of a group, so that staffing it is a transport problem: its linear relaxation is nearly
    integral, and half a day of a city takes a second.
    """
    ends = problem.shift_start + problem.shift_minutes
    waiting = np.ones(len(ends), np.bool_)
    while waiting.any():
        group = waiting & (problem.shift_start < ends[waiting].min())
        waiting &= ~group
        yield group


def around_gaps(incumbent: Incumbent, size: int) -> Iterator[Bools]:
    """For each shift with an empty seat not yet covered: the `size` shifts nearest to it, over the whole week."""
    problem = incumbent.problem
    x, y = _coordinates(problem)
    covered = np.zeros(len(x), np.bool_)
    for shift in _gaps(problem, incumbent.chosen).tolist():
        if covered[shift]:
            continue
        nearest = np.argsort(np.abs(x - x[shift]) + np.abs(y - y[shift]), kind="stable")[:size]
        group = np.zeros(len(x), np.bool_)
        group[nearest] = True
        covered |= group
        yield group


def _gaps(problem: Problem, chosen: Ints) -> Ints:
    """Shifts with an empty seat, the most important first."""
    people = np.bincount(problem.pairs.position[chosen], minlength=len(problem.position_max))
    gaps = np.unique(problem.position_shift[people < problem.position_max])
    order = np.lexsort((~problem.shift_shortage[gaps], ~problem.shift_green[gaps]))
    return np.asarray(gaps[order], np.int64)


def _coordinates(problem: Problem) -> tuple[Ints, Ints]:
    places = {place.id: place for place in problem.instance.places}
    spots = [places[shift.place] for shift in problem.instance.shifts]
    return np.array([spot.x for spot in spots], np.int64), np.array([spot.y for spot in spots], np.int64)
