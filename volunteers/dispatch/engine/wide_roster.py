"""A roster of a week too large for lists of everything: a province."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from volunteers.dispatch.engine.clashes import ReckonedClashes
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import Roster


class WideRoster(Roster):
    """A roster that looks numbers up in the problem's own arrays, and sorts the pairs of a position when asked.

    Slower than lists where a search comes back often; 100 bytes a pair smaller.
    """

    def _read(self, problem: Problem) -> None:
        self.volunteer: Sequence[int] = problem.pairs.volunteer  # type: ignore[assignment]
        self.position: Sequence[int] = problem.pairs.position  # type: ignore[assignment]
        self.shift: Sequence[int] = problem.pairs.shift  # type: ignore[assignment]
        self.pairs_of_position = _CheapestFirst(problem)
        clashes = problem.clashes
        self._clash = clashes.between if isinstance(clashes, ReckonedClashes) else lambda a, b: bool(clashes[a, b])

    def _clashing(self, pair: int, held: list[int]) -> list[int]:
        shift = self.shift[pair]
        return [other for other in held if self._clash(shift, self.shift[other])]


class _CheapestFirst(Sequence[Sequence[int]]):
    """The pairs of each position in the order of a roster."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def __len__(self) -> int:
        return len(self._problem.position_shift)

    @overload
    def __getitem__(self, position: int) -> Sequence[int]: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Sequence[int]]: ...

    def __getitem__(self, position: int | slice) -> Sequence[int] | Sequence[Sequence[int]]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        problem, pairs = self._problem, self._problem.pairs
        first, last = problem.position_first_pair[position : position + 2].tolist()
        recent = problem.recent_shifts[pairs.volunteer[first:last]]
        cost = pairs.cost[first:last] + problem.fairness * (2 * recent + 1)
        ordered: list[int] = (first + np.lexsort((cost, -problem.keeps[first:last]))).tolist()
        return ordered

    def __iter__(self) -> Iterator[Sequence[int]]:
        return (self[number] for number in range(len(self)))
