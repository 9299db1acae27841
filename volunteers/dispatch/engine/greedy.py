"""The plain greedy plan: shift by shift, the cheapest free people, all required seats or none."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import Roster


def greedy(problem: Problem, roster: Roster | None = None) -> Roster:
    """A feasible plan: pinned rows, shifts by priority, then extra seats; a second for a city.

    On a `roster` that holds the pinned rows alone, if one is given.
    """
    roster = roster or Roster(problem)
    order = priority_order(problem)
    positions = positions_by_shift(problem)
    for shift in order:
        _hold(roster, positions[shift])
    for shift in order:
        if not any(roster.missing(position) for position in positions[shift]):
            for position in positions[shift]:
                _seat(roster, position, roster.open_seats(position))
    return roster


def priority_order(problem: Problem) -> list[int]:
    """Shifts as the objective ranks them: green and short of help, green, short of help, the rest; then by time."""
    return [int(shift) for shift in np.lexsort((problem.shift_start, ~problem.shift_shortage, ~problem.shift_green))]


def positions_by_shift(problem: Problem) -> list[list[int]]:
    """Numbers of the positions of each shift."""
    positions: list[list[int]] = [[] for _ in problem.shift_start]
    for position, shift in enumerate(problem.position_shift.tolist()):
        positions[shift].append(position)
    return positions


def _hold(roster: Roster, positions: list[int]) -> None:
    seated: list[int] = []
    for position in positions:
        missing = roster.missing(position)
        taken = _seat(roster, position, missing)
        seated += taken
        if len(taken) < missing:
            for pair in seated:
                roster.remove(pair)
            return


def _seat(roster: Roster, position: int, wanted: int) -> list[int]:
    """Seat up to `wanted` free people, cheapest first; returns the pairs taken."""
    taken: list[int] = []
    for pair in roster.pairs_of_position[position] if wanted else ():
        if roster.obstacles(pair) == ():
            roster.add(pair)
            taken.append(pair)
            if len(taken) == wanted:
                break
    return taken
