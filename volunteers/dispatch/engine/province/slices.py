"""Some of the people of a compiled week with all of its shifts: what one process relaxes of the whole."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from volunteers.dispatch.engine.pairs import Ints, Pairs
from volunteers.dispatch.engine.problem import Problem


def people_slice(problem: Problem, people: Ints) -> Problem:
    """The problem with these volunteers alone (ascending, numbered anew); positions keep the seats that are left.

    The slice's instance holds the rules and no lists: it is made to be sent.
    """
    number = np.full(len(problem.recent_shifts), -1)
    number[people] = np.arange(len(people))
    pairs = problem.pairs
    kept = np.flatnonzero(number[pairs.volunteer] >= 0)
    positions = pairs.position[kept]
    theirs = number[pairs.volunteer[problem.pinned]] >= 0
    others = np.bincount(pairs.position[problem.pinned[~theirs]], minlength=len(problem.position_max))
    return replace(
        problem,
        instance=msgspec.structs.replace(
            problem.instance, places=(), volunteers=(), shifts=(), pinned=(), cancelled=(), previous=()
        ),
        pairs=Pairs(number[pairs.volunteer[kept]], positions, pairs.shift[kept], pairs.cost[kept]),
        position_min=np.maximum(problem.position_min - others, 0),
        position_max=problem.position_max - others,
        position_first_pair=np.searchsorted(positions, np.arange(len(problem.position_max) + 1)).astype(np.int64),
        max_minutes_day=problem.max_minutes_day[people],
        max_minutes_week=problem.max_minutes_week[people],
        max_shifts_week=problem.max_shifts_week[people],
        recent_shifts=problem.recent_shifts[people],
        pinned=np.searchsorted(kept, problem.pinned[theirs]).astype(np.int64),
        keeps=problem.keeps[kept],
    )
