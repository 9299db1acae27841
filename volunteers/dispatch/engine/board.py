"""A plan in force, changed move by move, with a journal to take the moves back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.options import Options
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.tallies import Tallies


class _Kind(IntEnum):
    ADD, REMOVE, FORBID, PIN, UNPIN = range(5)


@dataclass(frozen=True)
class Step:
    """A volunteer takes the pair `added`, giving up the pairs `removed`."""

    added: int
    removed: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Change:
    kind: _Kind
    pairs: tuple[int, ...]


class Board:
    """Chosen pairs of a problem; every change is journalled and can be rolled back.

    `bundles[volunteer]` and `holders[position]` are the chosen pairs of each, `allowed` masks the pairs that no
    cancellation forbids, `options` are true to the plan after `settle`.
    """

    def __init__(self, problem: Problem, chosen: Ints, rows: Ints | None = None) -> None:
        """Start from `chosen`; `rows` are the rows of the plan before as pairs, if it is to lose some (`forbid`)."""
        pairs = problem.pairs
        self.problem = problem
        self.volunteer, self.position, self.shift, self.cost = pairs.volunteer, pairs.position, pairs.shift, pairs.cost
        self.allowed = np.ones(len(pairs), np.bool_)
        self.pinned = set(problem.pinned.tolist())
        self.tallies = Tallies(problem)
        self._row = np.zeros(len(pairs), np.bool_)
        if rows is not None:
            self._row[rows] = True
        self.bundles: list[list[int]] = [[] for _ in problem.recent_shifts]
        self.holders: list[list[int]] = [[] for _ in problem.position_shift]
        self.options = Options(problem, self.allowed, self.pinned)
        self._journal: list[_Change] = []
        self._stale: set[int] = set()
        for pair in chosen.tolist():
            self.add(pair)
        self._journal.clear()
        self._stale.update(range(len(self.bundles)))

    # The plan

    def add(self, pair: int) -> None:
        """Seat a volunteer; the rules are the caller's to keep (see `options` and `fits`)."""
        self._put(pair)
        self._journal.append(_Change(_Kind.ADD, (pair,)))

    def remove(self, pair: int) -> None:
        """Unseat a volunteer."""
        self._take(pair)
        self._journal.append(_Change(_Kind.REMOVE, (pair,)))

    def forbid(self, pairs: Ints) -> None:
        """Take pairs out of the week (rule 11); those that are chosen must be removed as well.

        Rows of the plan before that are no longer allowed do not count as changes.
        """
        now = pairs[self.allowed[pairs]]
        self._allow(now, allowed=False)
        self._journal.append(_Change(_Kind.FORBID, tuple(now.tolist())))

    def pin(self, pair: int) -> None:
        """Nobody but a cancellation takes this pair out of the plan any more (rule 10)."""
        self.pinned.add(pair)
        self._stale.add(int(self.volunteer[pair]))
        self._journal.append(_Change(_Kind.PIN, (pair,)))

    def unpin(self, pair: int) -> None:
        """Let a pair go that was pinned."""
        self.pinned.remove(pair)
        self._stale.add(int(self.volunteer[pair]))
        self._journal.append(_Change(_Kind.UNPIN, (pair,)))

    def make(self, steps: Sequence[Step]) -> bool:
        """Make moves that need each other, in any order; none of them if they break a rule. Whether they were made."""
        before = self.mark()
        for pair in (removed for step in steps for removed in step.removed):
            if pair not in self.bundles[self.volunteer[pair]]:
                self.roll_back(before)
                return False
            self.remove(pair)
        for step in steps:
            self.add(step.added)
        movers = {int(self.volunteer[step.added]) for step in steps}
        if all(self.fits(volunteer, self.bundles[volunteer]) for volunteer in movers):
            return True
        self.roll_back(before)
        return False

    def mark(self) -> int:
        """A point to come back to with `roll_back`."""
        return len(self._journal)

    def roll_back(self, mark: int) -> None:
        """Undo everything since the mark."""
        while len(self._journal) > mark:
            change = self._journal.pop()
            match change.kind:
                case _Kind.ADD:
                    self._take(change.pairs[0])
                case _Kind.REMOVE:
                    self._put(change.pairs[0])
                case _Kind.FORBID:
                    self._allow(np.array(change.pairs, np.int64), allowed=True)
                case _Kind.PIN:
                    self.pinned.remove(change.pairs[0])
                    self._stale.add(int(self.volunteer[change.pairs[0]]))
                case _Kind.UNPIN:
                    self.pinned.add(change.pairs[0])
                    self._stale.add(int(self.volunteer[change.pairs[0]]))

    def difference(self, mark: int) -> tuple[list[int], list[int]]:
        """Pairs that left the plan since the mark, and pairs that came; ascending."""
        net: Counter[int] = Counter()
        for change in self._journal[mark:]:
            net[change.pairs[0] if change.pairs else -1] += (change.kind is _Kind.ADD) - (change.kind is _Kind.REMOVE)
        return sorted(pair for pair, n in net.items() if n < 0), sorted(pair for pair, n in net.items() if n > 0)

    def chosen(self) -> Ints:
        """Numbers of the chosen pairs, ascending."""
        return np.array(sorted(pair for bundle in self.bundles for pair in bundle), np.int64)

    @property
    def vector(self) -> Vector:
        """The objective of the plan."""
        return self.tallies.vector

    # What could be

    def settle(self) -> None:
        """Bring the options up to date with the plan."""
        if any(len(self.bundles[volunteer]) > self.options.slots for volunteer in self._stale):
            self.options.resize(max(map(len, self.bundles)) + 1)
            self._stale.update(range(len(self.bundles)))
        for volunteer in self._stale:
            self.options.renew(volunteer, self.bundles[volunteer])
        self._stale.clear()

    def fits(self, volunteer: int, bundle: Iterable[int]) -> bool:
        """Whether the volunteer may hold exactly these pairs (rules 1-7 and 11)."""
        pairs = list(bundle)
        if not pairs:
            return True
        problem, shifts = self.problem, self.shift[pairs]
        minutes = problem.shift_minutes[shifts]
        clashes = problem.clashes[np.ix_(shifts, shifts)]
        return bool(
            self.allowed[pairs].all()
            and len(pairs) <= problem.max_shifts_week[volunteer]
            and minutes.sum() <= problem.max_minutes_week[volunteer]
            and np.bincount(problem.shift_day[shifts], minutes).max() <= problem.max_minutes_day[volunteer]
            and clashes.sum() == len(pairs)
        )

    # Bookkeeping

    def _put(self, pair: int) -> None:
        volunteer = int(self.volunteer[pair])
        self.tallies.put(pair, len(self.bundles[volunteer]))
        self.bundles[volunteer].append(pair)
        self.holders[self.position[pair]].append(pair)
        self._stale.add(volunteer)

    def _take(self, pair: int) -> None:
        volunteer = int(self.volunteer[pair])
        self.bundles[volunteer].remove(pair)
        self.holders[self.position[pair]].remove(pair)
        self.tallies.take(pair, len(self.bundles[volunteer]))
        self._stale.add(volunteer)

    def _allow(self, pairs: Ints, *, allowed: bool) -> None:
        self.allowed[pairs] = allowed
        self.tallies.previous_rows += int(self._row[pairs].sum()) * (1 if allowed else -1)
        self._stale.update(self.volunteer[pairs].tolist())
