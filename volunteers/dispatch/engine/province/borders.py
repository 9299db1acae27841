"""Along the borders: seats left empty, and people of other cities who could take them or make room for who can."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.province.division import Part
from volunteers.dispatch.engine.province.parts import Cutter
from volunteers.dispatch.engine.roster import assignments_of


def border_part(problem: Problem, chosen: Ints, shift_city: Ints, city: Ints, most_shifts: int) -> Part | None:
    """The part of the week around empty seats that people of other cities could take, None if there is none.

    Its people are those, whoever stands on the same shifts, and everybody idle who could; `chosen` is its start.
    At most about `most_shifts` shifts, those with gaps first.
    """
    pairs = problem.pairs
    gaps = _gaps(problem, chosen)
    foreign = gaps[pairs.shift] & (shift_city[pairs.shift] != city[pairs.volunteer])
    if not foreign.any():
        return None
    able = np.zeros(len(problem.recent_shifts), np.bool_)
    able[pairs.volunteer[foreign]] = True
    free = np.zeros(len(problem.shift_start), np.bool_)
    free[pairs.shift[foreign]] = True
    held = pairs.shift[chosen[able[pairs.volunteer[chosen]]]]
    theirs = np.bincount(held, minlength=len(free))
    theirs[free] = 0
    busiest = np.argsort(-theirs, kind="stable")[: max(0, most_shifts - int(free.sum()))]
    free[busiest[theirs[busiest] > 0]] = True
    people = able.copy()
    people[pairs.volunteer[chosen[free[pairs.shift[chosen]]]]] = True
    idle = np.ones(len(people), np.bool_)
    idle[pairs.volunteer[chosen]] = False
    at_hand = np.zeros(len(people), np.bool_)
    at_hand[pairs.volunteer[free[pairs.shift]]] = True
    people |= idle & at_hand
    instance = problem.instance
    return Cutter(instance).part(
        "borders",
        {shift.id for shift, inside in zip(instance.shifts, free.tolist(), strict=True) if inside},
        {volunteer.id for volunteer, inside in zip(instance.volunteers, people.tolist(), strict=True) if inside},
        assignments_of(problem, chosen),
    )


def _gaps(problem: Problem, chosen: Ints) -> Bools:
    """Shifts with an empty seat."""
    people = np.bincount(problem.pairs.position[chosen], minlength=len(problem.position_max))
    gaps = np.zeros(len(problem.shift_start), np.bool_)
    gaps[problem.position_shift[people < problem.position_max]] = True
    return gaps
