"""Where an additional person can be used: they take a seat, whoever sits there moves on to another one, and so on.

The mirror image of `holes`: that search starts at an empty seat, this one at people with time to spare.
"""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.board import Board, Step
from volunteers.dispatch.engine.options import NOBODY
from volunteers.dispatch.engine.pairs import Bools, Ints

FAR = 1 << 20
"""More people than any chain moves."""


class Surplus:
    """The positions that could take one person more: `moved[position]` people move on for it, `FAR` if it cannot be."""

    def __init__(self, board: Board, starts: Ints) -> None:
        """Start from pairs that their volunteers can take on top of what they hold."""
        self.board = board
        positions = len(board.holders)
        self.moved = np.full(positions, FAR)
        self._added = np.full(positions, NOBODY)
        self._removed = np.full(positions, NOBODY)
        self.moved[board.position[starts]] = 0
        self._added[board.position[starts]] = starts
        self._frontier = np.unique(board.position[starts])

    def grow(self) -> bool:
        """Let one more person move on; False if nothing new is reached."""
        board = self.board
        here = np.zeros(len(self.moved), np.bool_)
        here[self._frontier] = True
        layer = int(self.moved[self._frontier].max(initial=0)) + 1
        for slot in range(board.options.slots):
            self._move_on(slot, here, layer)
        self._frontier = np.flatnonzero(self.moved == layer)
        return bool(len(self._frontier))

    def steps_to(self, position: int) -> list[Step]:
        """The moves that seat one person more at the position."""
        steps = []
        while position != NOBODY:
            added, removed = int(self._added[position]), int(self._removed[position])
            steps.append(Step(added, () if removed == NOBODY else (removed,)))
            position = NOBODY if removed == NOBODY else int(self.board.position[removed])
        return steps

    def _move_on(self, slot: int, here: Bools, layer: int) -> None:
        board, options = self.board, self.board.options
        held = options.held[slot]
        people = np.flatnonzero((held != NOBODY) & here[board.position[held]])
        pairs = options.pairs_of_all(people)
        pairs = pairs[options.swaps[slot][pairs]]
        targets = board.position[pairs]
        new = self.moved[targets] == FAR
        pairs, targets = pairs[new], targets[new]
        self.moved[targets] = layer
        self._added[targets] = pairs
        self._removed[targets] = held[board.volunteer[pairs]]


def surplus(board: Board, starts: Ints) -> Surplus:
    """Search from these pairs as far as it goes."""
    board.settle()
    search = Surplus(board, starts)
    while search.grow():
        pass
    return search
