"""Make a whole plan around a part of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from volunteers.dispatch.engine.chains import hold_by_priority
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import Roster, held_shifts


def rebuild(problem: Problem, core: Ints, wished: Ints, stop: Callable[[], bool]) -> Ints:
    """A plan with the pinned rows and `core`, as much of `wished` as fits beside them, completed by chains.

    `core` must be feasible together with the pinned rows. Chains may move people of the core, but hold what it holds.
    """
    roster = Roster(problem)
    for pair in np.setdiff1d(core, problem.pinned).tolist():
        roster.add(pair)
    for pair in np.setdiff1d(wished, np.concatenate([core, problem.pinned])).tolist():
        if roster.open_seats(roster.position[pair]) and roster.obstacles(pair) == ():
            roster.add(pair)
    _send_home(roster)
    hold_by_priority(problem, roster, stop)
    return roster.chosen()


def _send_home(roster: Roster) -> None:
    """Rule 9: nobody but pinned people stays on a shift that is not held."""
    chosen = roster.chosen()
    held = held_shifts(roster.problem, chosen)
    for pair in chosen.tolist():
        if not held[roster.shift[pair]] and pair not in roster.pinned:
            roster.remove(pair)
