"""Ejection chains: fill a seat with somebody who is busy, refill the seat they leave, and so on.

The breadth-first search is that of augmenting paths in bipartite matching. People may hold several seats as long
as the rules allow, so a search that fails proves nothing; but what it went through is as good as exhausted, and
later searches of the same pass skip it (in matching, the Hungarian trees).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from volunteers.dispatch.engine.greedy import positions_by_shift, priority_order
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import Roster


@dataclass(frozen=True)
class _Step:
    """A seat to fill because `leaver` left it in order to take the pair `taken` of the step before."""

    position: int
    leaver: int | None = None
    taken: int | None = None
    before: _Step | None = None


@dataclass(frozen=True)
class Move:
    """One volunteer takes `added`, giving up `removed`."""

    added: int
    removed: int | None


class ChainSearch:
    """Fills seats of a roster one by one; `exhausted` positions are not gone through again.

    A search asks each volunteer once. Asking again for every seat it reaches fills a tenth more of what is left
    at city size, in ten times the time: the linear models do that better.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.exhausted: set[int] = set()

    def fill(self, position: int) -> list[Move] | None:
        """Seat one more person and leave no other seat empty; returns the moves made, None if there is no chain."""
        chain = self._search(position)
        if chain is None:
            return None
        for move in chain:
            if move.removed is not None:
                self.roster.remove(move.removed)
        for move in chain:
            self.roster.add(move.added)
        return chain

    def undo(self, moves: Iterable[Move]) -> None:
        """Take back what `fill` did; the moves of several calls in the order they were made."""
        for move in reversed(list(moves)):
            self.roster.remove(move.added)
            if move.removed is not None:
                self.roster.add(move.removed)

    def _search(self, position: int) -> list[Move] | None:
        roster = self.roster
        queue = deque([_Step(position)])
        visited, asked = {position}, set[int]()
        while queue:
            step = queue.popleft()
            for pair in roster.pairs_of_position[step.position]:
                volunteer = roster.volunteer[pair]
                if volunteer in asked:
                    continue
                asked.add(volunteer)
                obstacles = roster.obstacles(pair)
                if obstacles is None:
                    continue
                if not obstacles:
                    return _moves(step, pair)
                for leaver in obstacles:
                    left = roster.position[leaver]
                    if left not in visited and left not in self.exhausted:
                        visited.add(left)
                        queue.append(_Step(left, leaver, pair, step))
        self.exhausted |= visited
        return None


def _moves(step: _Step, pair: int) -> list[Move]:
    """The chain that ends with a free volunteer taking `pair`."""
    moves = [Move(pair, None)]
    while step.before is not None and step.taken is not None:
        moves.append(Move(step.taken, step.leaver))
        step = step.before
    return moves


def hold_by_priority(problem: Problem, roster: Roster, stop: Callable[[], bool]) -> None:
    """Hold as many shifts as chains can, most important first, then fill the extra seats. Leaves what is held held."""
    positions = positions_by_shift(problem)
    search = ChainSearch(roster)
    order = sorted(priority_order(problem), key=lambda shift: _rank(problem, positions, shift))
    for shift in order:
        if stop():
            return
        _hold(search, positions[shift])
    for shift in order:
        if not any(roster.missing(position) for position in positions[shift]):
            for position in positions[shift]:
                while roster.open_seats(position) and not stop() and search.fill(position):
                    pass


def _rank(problem: Problem, positions: list[list[int]], shift: int) -> tuple[bool, bool, int]:
    """Level by level; on each level those that take fewer people first, for more shifts held by the same people."""
    people = sum(int(problem.position_min[position]) for position in positions[shift])
    return not problem.shift_green[shift], not problem.shift_shortage[shift], people


def _hold(search: ChainSearch, positions: list[int]) -> None:
    moves: list[Move] = []
    for position in positions:
        while search.roster.missing(position):
            chain = search.fill(position)
            if chain is None:
                search.undo(moves)
                return
            moves += chain
