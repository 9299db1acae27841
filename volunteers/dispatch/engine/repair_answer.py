"""What a repair did, in terms of people: who goes where instead of whom, and what is lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.board import Board
from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.mend import STAFFING_LEVELS
from volunteers.dispatch.engine.pairs import Bools


@dataclass(frozen=True)
class Seat:
    """A seat of a shift by ids."""

    shift: str
    position: str


@dataclass(frozen=True)
class Taken(Seat):
    """A seat somebody takes, and whom they replace there (None if the seat was empty)."""

    instead_of: str | None


@dataclass(frozen=True)
class Move:
    """What changes for one volunteer."""

    volunteer: str
    takes: tuple[Taken, ...]
    leaves: tuple[Seat, ...]


@dataclass(frozen=True)
class Repair:
    """The outcome of a change to the plan in force.

    `restored`: the vector is as good as before up to the empty seats. `empty` are seats that lost somebody and got
    nobody, `given_up` shifts that were held before and no longer are. `optimal`: no better plan exists, proven.
    """

    moves: tuple[Move, ...]
    before: Vector
    after: Vector
    empty: tuple[Seat, ...]
    given_up: tuple[str, ...]
    optimal: bool = False

    @property
    def restored(self) -> bool:
        return self.after[:STAFFING_LEVELS] <= self.before[:STAFFING_LEVELS]


def answer(board: Board, labels: Labels, mark: int, before: Vector, held: Bools) -> Repair:
    """Everything that changed on the board since the mark; `held` are the shifts that were held then."""
    removed, added = board.difference(mark)
    left: dict[int, list[int]] = defaultdict(list)
    for pair in removed:
        left[int(board.position[pair])].append(pair)
    takes: dict[int, list[Taken]] = defaultdict(list)
    leaves: dict[int, list[Seat]] = defaultdict(list)
    for pair in added:
        predecessors = left[int(board.position[pair])]
        instead_of = labels.row(predecessors.pop()).volunteer if predecessors else None
        row = labels.row(pair)
        takes[int(board.volunteer[pair])].append(Taken(row.shift, row.position, instead_of))
    for pair in removed:
        row = labels.row(pair)
        leaves[int(board.volunteer[pair])].append(Seat(row.shift, row.position))
    movers = sorted({*takes, *leaves})
    moves = (Move(labels.volunteers[who], tuple(takes[who]), tuple(leaves[who])) for who in movers)
    empty = [Seat(*labels.seats[position]) for position, pairs in sorted(left.items()) for _ in pairs]
    given_up = np.flatnonzero(held & (board.tallies.lacking > 0)).tolist()
    shifts = board.problem.instance.shifts
    return Repair(tuple(moves), before, board.vector, tuple(empty), tuple(shifts[number].id for number in given_up))
