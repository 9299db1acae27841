"""Where an empty seat can be moved to: somebody takes it and leaves a seat of their own, which then is the empty one.

Breadth first over all seats at once, one layer of the search a few operations on arrays. A layer is one more
person moved, so the first seat that somebody free can take disturbs the fewest people.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from volunteers.dispatch.engine.board import Board, Step
from volunteers.dispatch.engine.options import NOBODY
from volunteers.dispatch.engine.pairs import Ints

CHANGE = 1 << 32
"""One disturbed person outweighs any burden."""
_NEVER = np.iinfo(np.int64).max
_TRIED = 40
ANY = 1 << 20
"""More people than any chain moves."""


class Reach:
    """The seats an empty seat can be moved to from `root`.

    `cost[position]` is what moving it there costs (changes x `CHANGE` + burden), `_NEVER` where it cannot be;
    `reached` lists the positions in the order they were met, `closings` pairs that end a chain at once. All of it is
    true to the board as it is at the `mark`.
    """

    def __init__(self, board: Board, root: int) -> None:
        self.board = board
        self.root = root
        self.mark = board.mark()
        positions = len(board.holders)
        self.cost = np.full(positions, _NEVER)
        self.cost[root] = 0
        self._added = np.full(positions, NOBODY)
        self._removed = np.full(positions, NOBODY)
        self._layers: list[Ints] = [np.array([root])]
        self._closing_pairs: list[Ints] = []
        self._closing_costs: list[Ints] = []

    @property
    def reached(self) -> Ints:
        """All positions met, the root first."""
        return np.concatenate(self._layers)

    @property
    def depth(self) -> int:
        """How many people the longest chain of the search moves."""
        return len(self._layers) - 1

    def closings(self) -> Iterator[int]:
        """Pairs of volunteers who can end a chain without leaving another seat, cheapest first."""
        if self._closing_pairs:
            pairs, costs = np.concatenate(self._closing_pairs), np.concatenate(self._closing_costs)
            for number in np.lexsort((pairs, costs))[:_TRIED].tolist():
                yield int(pairs[number])

    def steps_to(self, position: int) -> list[Step]:
        """The moves that bring the empty seat from the root to the position."""
        steps = []
        while position != self.root:
            added = int(self._added[position])
            steps.append(Step(added, (int(self._removed[position]),)))
            position = int(self.board.position[added])
        return steps[::-1]

    def grow(self) -> bool:
        """Go one layer further; False if there is nothing further."""
        board = self.board
        pairs = board.options.pairs_at(self._layers[-1])
        self._close(pairs[board.options.free[pairs]])
        added, removed = self._swaps(pairs)
        targets = board.position[removed]
        keeps = board.tallies.keeps
        costs = self.cost[board.position[added]] + (keeps[removed] - keeps[added]) * CHANGE
        costs += board.cost[added] - board.cost[removed]
        best = np.full(len(self.cost), _NEVER)
        np.minimum.at(best, targets, costs)
        chosen = costs == best[targets]
        self._added[targets[chosen]] = added[chosen]
        self._removed[targets[chosen]] = removed[chosen]
        met = np.flatnonzero(best < _NEVER)
        self.cost[met] = best[met]
        self._layers.append(met)
        return bool(len(met))

    @property
    def best_closing(self) -> int:
        """Cost of the cheapest closing so far."""
        return min((int(costs.min()) for costs in self._closing_costs), default=int(_NEVER))

    @property
    def cheapest_frontier(self) -> int:
        """Cost of the cheapest seat of the last layer."""
        return int(self.cost[self._layers[-1]].min(initial=_NEVER))

    def _swaps(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Pairs of the frontier and what their volunteers give up for them, where that leads to a seat not yet met."""
        board = self.board
        added, removed = [], []
        options = board.options
        for slot in range(options.slots):
            able = pairs[options.swaps[slot][pairs]]
            given_up = options.held[slot][board.volunteer[able]]
            new = self.cost[board.position[given_up]] == _NEVER
            added.append(able[new])
            removed.append(given_up[new])
        nobody = np.zeros(0, np.int64)
        return np.concatenate([*added, nobody]), np.concatenate([*removed, nobody])

    def _close(self, pairs: Ints) -> None:
        if len(pairs):
            board = self.board
            prices = board.options.prices(pairs) - CHANGE * board.tallies.keeps[pairs]
            self._closing_pairs.append(pairs)
            self._closing_costs.append(self.cost[board.position[pairs]] + prices)


def spread(board: Board, root: int, layers: int = ANY) -> Reach:
    """Search from an empty seat until the best chain is known, or as far as it goes (at most `layers` people)."""
    board.settle()
    reach = Reach(board, root)
    while reach.depth < layers + 1 and reach.cheapest_frontier < reach.best_closing and reach.grow():
        pass
    return reach


def fill(board: Board, reach: Reach) -> bool:
    """Make the cheapest chain of a search that the rules allow; whether there was one."""
    chains = ([*reach.steps_to(int(board.position[pair])), Step(pair)] for pair in reach.closings())
    return any(board.make(chain) for chain in chains)
