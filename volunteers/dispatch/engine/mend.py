"""Fill the seats that people left, disturbing as few others as possible; where that fails, lose what counts least."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from volunteers.dispatch.engine.board import Board
from volunteers.dispatch.engine.exchanges import Exchange, exchanges
from volunteers.dispatch.engine.holes import ANY, CHANGE, Reach, fill, spread
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.surplus import FAR, Surplus, surplus

STAFFING_LEVELS = 4
"""The levels of the vector that say what is staffed: green, shortage, unheld, empty seats."""
LOOKS = 100
"""Work limit of a search for an exchange."""
_TRIES = 6
_DETOUR = 2


def mend(
    board: Board, holes: Iterable[int], released: Iterable[int], goal: tuple[int, ...], stop: Callable[[], bool]
) -> None:
    """Fill the positions `holes` (one person each) so that the vector comes back to `goal` as far as it can.

    `released` are volunteers who have lost a seat themselves and may be used elsewhere. Rules 1-11 hold afterwards if
    they held but for the holes. Only `stop` ends the work early: every hole is still closed or its shift given up.
    """
    people = list(released)
    searches = [_refill(board, hole, stop) for hole in _by_importance(board, holes)]
    for search in searches:
        if search is not None:
            people += _concede(board, search, stop)
    if board.vector[:STAFFING_LEVELS] > goal and not stop():
        _use(board, people, goal)


def hold(board: Board, shift: int) -> bool:
    """Seat whoever the shift lacks, all of them or nobody; whether it is held."""
    before = board.mark()
    for position in np.flatnonzero(board.problem.position_shift == shift).tolist():
        while board.tallies.people[position] < board.problem.position_min[position]:
            if not fill(board, spread(board, position)):
                board.roll_back(before)
                return False
    return True


def _by_importance(board: Board, holes: Iterable[int]) -> list[int]:
    problem, tallies = board.problem, board.tallies

    def rank(hole: int) -> tuple[bool, bool, bool, int]:
        shift = problem.position_shift[hole]
        spare = bool(tallies.people[hole] >= problem.position_min[hole])
        return spare, not problem.shift_green[shift], not problem.shift_shortage[shift], hole

    return sorted(holes, key=rank)


def _refill(board: Board, hole: int, stop: Callable[[], bool]) -> Reach | None:
    """One more person at the position, nobody less elsewhere; None if that worked, else how far the search came."""
    if board.tallies.people[hole] >= board.problem.position_max[hole]:
        return None
    reach = spread(board, hole, 0 if stop() else ANY)
    if stop() or not (fill(board, reach) or _exchange(board, hole)):
        return reach
    return None


def _exchange(board: Board, hole: int) -> bool:
    """Fill the hole by an exchange; whether one was found."""
    board.settle()
    easy = surplus(board, np.flatnonzero(board.options.free)).moved
    found = exchanges(board, hole, easy, LOOKS)
    return any(_make(board, exchange, easy) for exchange, _ in zip(found, range(_TRIES), strict=False))


def _make(board: Board, exchange: Exchange, easy: Ints) -> bool:
    before = board.mark()
    if not board.make(exchange.steps):
        return False
    for position in exchange.pending:
        if not fill(board, spread(board, position, min(int(easy[position]), FAR - _DETOUR) + _DETOUR)):
            board.roll_back(before)
            return False
    return True


def _concede(board: Board, reach: Reach, stop: Callable[[], bool]) -> list[int]:
    """Let the hole be where it hurts least; returns the volunteers who are not needed any more."""
    shift = int(board.problem.position_shift[reach.root])
    if not board.tallies.lacking[shift]:
        return []
    if board.mark() != reach.mark and not stop():
        reach = spread(board, reach.root)
    for position in _by_harm(board, reach)[:_TRIES]:
        if position == reach.root:
            break
        if board.make(reach.steps_to(position)):
            shift = int(board.problem.position_shift[position])
            break
    return give_up(board, shift) if board.tallies.lacking[shift] else []


def give_up(board: Board, shift: int) -> list[int]:
    """Send everybody home whom no pin keeps (rule 9); returns them."""
    seats = np.flatnonzero(board.problem.position_shift == shift).tolist()
    leaving = [pair for position in seats for pair in board.holders[position] if pair not in board.pinned]
    for pair in leaving:
        board.remove(pair)
    return [int(board.volunteer[pair]) for pair in leaving]


def _by_harm(board: Board, reach: Reach) -> list[int]:
    """Positions the hole can be moved to, by what an empty seat there does to the vector."""
    problem, tallies = board.problem, board.tallies
    positions = reach.reached
    shifts = problem.position_shift[positions]
    home = shifts == shifts[0]
    usable = (tallies.lacking[shifts] == 0) | (positions == reach.root)
    positions, shifts, home = positions[usable], shifts[usable], home[usable]
    spare = (tallies.people[positions] > problem.position_min[positions]) & ~home
    leaving = _unpinned_people(board)[shifts] + home
    order = np.lexsort(
        (
            reach.cost[positions] + np.where(spare, 0, leaving - 1) * CHANGE,
            np.where(spare, 1, leaving),
            ~spare,
            ~spare & problem.shift_shortage[shifts],
            ~spare & problem.shift_green[shifts],
        )
    )
    return [int(position) for position in positions[order]]


def _unpinned_people(board: Board) -> Ints:
    """How many people of each shift no pin keeps."""
    shifts = len(board.tallies.lacking)
    people = np.bincount(board.problem.position_shift, board.tallies.people, minlength=shifts)
    pinned = np.array(sorted(board.pinned), np.int64)
    people -= np.bincount(board.shift[pinned], minlength=shifts)
    return people.astype(np.int64)


def _use(board: Board, people: list[int], goal: tuple[int, ...]) -> None:
    """Send released people, or others in turn, where somebody is missing, until the vector is back at the goal."""
    while board.vector[:STAFFING_LEVELS] > goal and _use_once(board, people):
        pass


def _use_once(board: Board, people: list[int]) -> bool:
    board.settle()
    pairs = board.options.pairs_of_all(np.unique(np.array(people, np.int64)))
    starts = pairs[board.options.free[pairs]]
    if not len(starts):
        return False
    search = surplus(board, starts)
    return any(_seat_surplus(board, search, position) for position in _wanted(board, search))


def _wanted(board: Board, search: Surplus) -> Iterator[int]:
    """Positions in want of somebody, most important first: shifts to be held, then seats beside others."""
    problem, tallies = board.problem, board.tallies
    lacking = tallies.lacking[problem.position_shift]
    reached = search.moved < FAR
    missing = np.flatnonzero(reached & (tallies.people < problem.position_min))
    shifts = problem.position_shift[missing]
    order = np.lexsort(
        (search.moved[missing], lacking[missing], ~problem.shift_shortage[shifts], ~problem.shift_green[shifts])
    )
    yield from missing[order][:_TRIES].tolist()
    spare = np.flatnonzero(reached & (lacking == 0) & (tallies.people < problem.position_max))
    yield from spare[np.argsort(search.moved[spare], kind="stable")][:_TRIES].tolist()


def _seat_surplus(board: Board, search: Surplus, position: int) -> bool:
    before, vector = board.mark(), board.vector
    made = board.make(search.steps_to(position)) and hold(board, int(board.problem.position_shift[position]))
    if made and board.vector[:STAFFING_LEVELS] < vector[:STAFFING_LEVELS]:
        return True
    board.roll_back(before)
    return False
