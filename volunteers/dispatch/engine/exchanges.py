"""Exchanges no single chain finds: somebody gives up two seats for one, or takes a second seat in the hours they win.

Best first, with one open seat at a time. Seats that a chain can fill anyway count as filled while searching; the whole
exchange is then made on the board, and only a plan that really is as good is kept.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from volunteers.dispatch.engine.board import Board, Step
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.surplus import FAR

_GOALS = 3


@dataclass(frozen=True)
class Exchange:
    """Moves that leave the seats `pending` to be filled by chains; `movers` now hold other pairs than on the board."""

    steps: tuple[Step, ...] = ()
    pending: tuple[int, ...] = ()
    movers: tuple[int, ...] = ()
    openings: tuple[Ints, ...] = ()

    def then(self, board: Board, step: Step, pending: tuple[int, ...]) -> Exchange:
        """One more move of somebody who has not moved yet."""
        mover = int(board.volunteer[step.added])
        bundle = [pair for pair in board.bundles[mover] if pair not in step.removed]
        return Exchange(
            (*self.steps, step),
            self.pending + pending,
            (*self.movers, mover),
            (*self.openings, board.options.openings(mover, [*bundle, step.added])),
        )


@dataclass(frozen=True)
class _Seat:
    """An open seat with everybody eligible for it: what they hold (`held`) and how easily that is filled (`far`).

    `still` are those who have not moved yet; arrays are slots x pairs of the seat.
    """

    first: int
    held: Ints
    at: Ints
    far: Ints
    still: Bools


def exchanges(board: Board, root: int, easy: Ints, expansions: int) -> Iterator[Exchange]:
    """Exchanges that should fill the root, roughly those that move the fewest people first.

    `easy[position]` is how many people a chain moves to fill it, `FAR` where there is none (see `surplus`).
    """
    return _Search(board, easy).run(root, expansions)


class _Search:
    def __init__(self, board: Board, easy: Ints) -> None:
        self.board = board
        self.easy = easy
        self.queue: list[tuple[int, int, Exchange, Step | None, int, tuple[int, ...]]] = []
        self.serial = count()
        self.plain = np.zeros(len(easy), np.bool_)
        self.seen: set[tuple[int, ...]] = set()
        self.shortest = int(board.problem.shift_minutes.min(initial=0))

    def run(self, root: int, expansions: int) -> Iterator[Exchange]:
        self.plain[root] = True
        self.queue.append((0, next(self.serial), Exchange(), None, root, ()))
        for _ in range(expansions):
            if not self.queue:
                return
            moved, _, exchange, step, hole, pending = heapq.heappop(self.queue)
            if step is not None:
                exchange = exchange.then(self.board, step, pending)
            seat = self._seat(exchange, hole)
            if exchange.steps:
                yield from self._ends(exchange, hole, seat)
            yield from self._splits(exchange, moved, seat)
            self._swaps(exchange, moved, hole, seat)

    def _seat(self, exchange: Exchange, hole: int) -> _Seat:
        board, easy = self.board, self.easy
        if exchange.openings:
            easy = easy.copy()
            for openings in exchange.openings:
                easy[board.position[openings]] = 0
        first, last = board.problem.position_first_pair[hole : hole + 2].tolist()
        volunteers = board.volunteer[first:last]
        held = board.options.held[:, volunteers]
        at = board.position[held]
        still = np.ones(len(volunteers), np.bool_)
        for mover in exchange.movers:
            still &= volunteers != mover
        return _Seat(first, held, at, easy[at], still)

    def _ends(self, exchange: Exchange, hole: int, seat: _Seat) -> Iterator[Exchange]:
        """The hole filled by somebody free, by a mover with hours to spare, or for a seat that is easy to fill."""
        board, last = self.board, seat.first + len(seat.still)
        for openings in exchange.openings:
            for pair in openings[board.position[openings] == hole].tolist():
                yield Exchange((*exchange.steps, Step(pair)), exchange.pending)
        for number in np.flatnonzero(board.options.free[seat.first : last] & seat.still)[:_GOALS].tolist():
            yield Exchange((*exchange.steps, Step(seat.first + number)), exchange.pending)
        able = board.options.swaps[:, seat.first : last] & seat.still & (seat.far < FAR)
        for slot, number in np.argwhere(able)[:_GOALS].tolist():
            step = Step(seat.first + number, (int(seat.held[slot, number]),))
            yield Exchange((*exchange.steps, step), (*exchange.pending, int(seat.at[slot, number])))

    def _splits(self, exchange: Exchange, moved: int, seat: _Seat) -> Iterator[Exchange]:
        """Somebody gives up two seats: both easy to fill, or one of them becomes the hole."""
        board, last = self.board, seat.first + len(seat.still)
        for way, (one, two) in enumerate(board.options.split_slots):
            near_one, near_two = seat.far[one] < FAR, seat.far[two] < FAR
            able = board.options.splits[way, seat.first : last] & seat.still & (near_one | near_two)
            for number in np.flatnonzero(able).tolist():
                step = Step(seat.first + number, (int(seat.held[one, number]), int(seat.held[two, number])))
                left = int(seat.at[one, number]), int(seat.at[two, number])
                if near_one[number] and near_two[number]:
                    yield Exchange((*exchange.steps, step), exchange.pending + left)
                    continue
                hole, filled = left if near_two[number] else left[::-1]
                self._push(moved + 2, exchange, step, hole, (filled,))

    def _swaps(self, exchange: Exchange, moved: int, hole: int, seat: _Seat) -> None:
        """Somebody gives up one seat: worth a look where they win time by it, or where the seat is a new one."""
        board = self.board
        volunteers = board.volunteer[seat.first : seat.first + len(seat.still)]
        minutes = board.problem.shift_minutes
        ways = board.options.swaps[:, seat.first : seat.first + len(seat.still)] & seat.still & (seat.far == FAR)
        won = minutes[board.shift[seat.held]] - minutes[board.problem.position_shift[hole]]
        roomy = (board.options.shifts_left[volunteers] > 0) & (
            board.options.minutes_left[volunteers] + won >= self.shortest
        )
        for slot, number in np.argwhere(ways & (roomy | ~self.plain[seat.at])).tolist():
            left = int(seat.at[slot, number])
            if not roomy[slot, number]:
                self.plain[left] = True
            self._push(moved + 1, exchange, Step(seat.first + number, (int(seat.held[slot, number]),)), left, ())

    def _push(self, moved: int, exchange: Exchange, step: Step, hole: int, pending: tuple[int, ...]) -> None:
        key = hole, *sorted((*exchange.movers, int(self.board.volunteer[step.added])))
        if key not in self.seen:
            self.seen.add(key)
            heapq.heappush(self.queue, (moved, next(self.serial), exchange, step, hole, pending))
