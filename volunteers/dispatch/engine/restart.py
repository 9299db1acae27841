"""The plan before, mended where it does not fit the week any more: where a better plan is to start from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from volunteers.dispatch.engine.board import Board
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.mend import give_up, mend
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem


def repaired(problem: Problem, stop: Callable[[], bool] = lambda: False) -> Ints:
    """A valid plan with the pinned rows and all that still may be of the problem's previous plan, its gaps filled.

    When `stop` says so, no more substitutes are looked for; shifts that lack somebody are then given up.
    """
    board = Board(problem, problem.pinned)
    wished = _wished(problem)
    left = [row for row in wished if not _seat(board, *row)]
    before = np.bincount([seat for seat, _, _ in wished], minlength=len(problem.position_shift))
    was_held = np.ones(len(problem.shift_start), np.bool_)
    was_held[problem.position_shift[before < problem.position_min]] = False
    lost = [(seat, volunteer) for seat, volunteer, _ in left if was_held[problem.position_shift[seat]]]
    for shift in np.flatnonzero(~was_held & (board.tallies.lacking > 0)).tolist():
        give_up(board, shift)
    goal = _staffing(problem, before, was_held)
    mend(board, [seat for seat, _ in lost], [volunteer for _, volunteer in lost], goal, stop)
    # Rule 9: a shift that still lacks somebody is not held, whatever the plan before said of it.
    for shift in np.flatnonzero(board.tallies.lacking > 0).tolist():
        give_up(board, shift)
    return board.chosen()


def _wished(problem: Problem) -> list[tuple[int, int, int | None]]:
    """Rows of the previous plan as (position, volunteer, pair)."""
    labels = Labels(problem)
    previous = problem.instance.previous
    return [(labels.seat(row), labels.volunteer(row.volunteer), labels.pair(row)) for row in previous]


def _seat(board: Board, position: int, volunteer: int, pair: int | None) -> bool:
    """Let the volunteer keep the pair if the rules and what others keep allow it."""
    if pair is None:
        return False
    bundle = board.bundles[volunteer]
    if pair in bundle:
        return True
    open_seat = board.tallies.people[position] < board.problem.position_max[position]
    keeps = bool(open_seat) and board.fits(volunteer, [*bundle, pair])
    if keeps:
        board.add(pair)
    return keeps


def _staffing(problem: Problem, people: Ints, held: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, ...]:
    """The levels of the vector that say what was staffed."""
    green, shortage = problem.shift_green & ~held, problem.shift_shortage & ~held
    empty = problem.position_max.sum() - np.minimum(people, problem.position_max).sum()
    return int(green.sum()), int(shortage.sum()), int((~held).sum()), int(empty)
