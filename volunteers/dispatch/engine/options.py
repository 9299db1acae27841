"""What each eligible pair would cost its volunteer: nothing, one of their shifts, two, or more than that."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem

NOBODY = -1
SPLIT_SLOTS = 4
"""Of how many of a volunteer's shifts two at once are considered for an exchange."""


class Options:
    """Answers for every pair at once to "could this volunteer take it as well, and giving up what?" (rules 1-7 and 11).

    `held[slot, volunteer]` is a chosen pair or `NOBODY`. `free[pair]`: the volunteer can take the pair as well;
    `swaps[slot, pair]`: giving up that slot is enough; `splits[k, pair]`: giving up the two slots `split_slots[k]` is.
    A pinned pair is never given up. `minutes_left` and `shifts_left` are what the limits of the week leave.
    """

    def __init__(self, problem: Problem, allowed: Bools, pinned: set[int]) -> None:
        """Look at `allowed` (a mask over the pairs) and `pinned` whenever a volunteer is renewed."""
        volunteers = problem.pairs.volunteer
        people = len(problem.recent_shifts)
        self._problem = problem
        self._allowed = allowed
        self._pinned = pinned
        self._by_volunteer = np.argsort(volunteers, kind="stable")
        self._first = np.searchsorted(volunteers[self._by_volunteer], np.arange(people + 1))
        self.resize(0)

    def resize(self, slots: int) -> None:
        """Make room for that many shifts of one volunteer; nothing is known of anybody afterwards."""
        people = len(self._problem.recent_shifts)
        self.slots = slots
        self.split_slots = list(combinations(range(min(slots, SPLIT_SLOTS)), 2))
        self.held = np.full((slots, people), NOBODY, np.int64)
        self.minutes_left = self._problem.max_minutes_week.copy()
        self.shifts_left = self._problem.max_shifts_week.copy()
        self._ways = np.zeros((1 + slots + len(self.split_slots), len(self._allowed)), np.bool_)
        self.free = self._ways[0]
        self.swaps = self._ways[1 : 1 + slots]
        self.splits = self._ways[1 + slots :]

    def renew(self, volunteer: int, bundle: list[int]) -> None:
        """The volunteer now holds exactly these pairs."""
        pairs, problem = self.pairs_of(volunteer), self._problem
        self.held[:, volunteer] = NOBODY
        self.held[: len(bundle), volunteer] = bundle
        minutes = int(problem.shift_minutes[problem.pairs.shift[bundle]].sum()) if bundle else 0
        self.minutes_left[volunteer] = problem.max_minutes_week[volunteer] - minutes
        self.shifts_left[volunteer] = problem.max_shifts_week[volunteer] - len(bundle)
        splits = [number for number, way in enumerate(self.split_slots) if way[1] < len(bundle)]
        ways = [(), *((slot,) for slot in range(len(bundle))), *(self.split_slots[number] for number in splits)]
        rows = [*range(1 + len(bundle)), *(1 + self.slots + number for number in splits)]
        self._ways[:, pairs] = False
        self._ways[np.ix_(rows, pairs)] = self._possible(volunteer, bundle, ways)

    def pairs_of(self, volunteer: int) -> Ints:
        """All eligible pairs of a volunteer."""
        return self._by_volunteer[self._first[volunteer] : self._first[volunteer + 1]]

    def pairs_of_all(self, volunteers: Ints) -> Ints:
        """All eligible pairs of some volunteers."""
        starts, lengths = self._first[volunteers], self._first[volunteers + 1] - self._first[volunteers]
        return np.asarray(self._by_volunteer[ranges(starts, lengths)], np.int64)

    def pairs_at(self, positions: Ints) -> Ints:
        """All eligible pairs of some positions."""
        first = self._problem.position_first_pair
        return ranges(first[positions], first[positions + 1] - first[positions])

    def openings(self, volunteer: int, bundle: list[int]) -> Ints:
        """Pairs that the volunteer could take on top of exactly these pairs."""
        return np.asarray(self.pairs_of(volunteer)[self._possible(volunteer, bundle, [()])[0]], np.int64)

    def prices(self, pairs: Ints) -> Ints:
        """Burden of each pair for its volunteer on top of what they hold."""
        problem, volunteers = self._problem, self._problem.pairs.volunteer[pairs]
        shifts = problem.recent_shifts[volunteers] + (self.held[:, volunteers] != NOBODY).sum(axis=0)
        return np.asarray(problem.pairs.cost[pairs] + problem.fairness * (2 * shifts + 1), np.int64)

    def _possible(self, volunteer: int, bundle: list[int], ways: list[tuple[int, ...]]) -> Bools:
        """For each way of giving up slots of the bundle, which pairs of the volunteer then fit."""
        problem, pairs = self._problem, self.pairs_of(volunteer)
        shifts = problem.pairs.shift[pairs]
        minutes, most_day = problem.shift_minutes[shifts], int(problem.max_minutes_day[volunteer])
        most_week, most_shifts = int(problem.max_minutes_week[volunteer]), int(problem.max_shifts_week[volunteer])
        possible = self._allowed[pairs] & (minutes <= most_day) & (minutes <= most_week) & (most_shifts > 0)
        if not bundle:
            return np.asarray(possible[None, :], np.bool_)
        stays = np.ones((len(ways), len(bundle)), np.int64)
        for way, row in zip(ways, stays, strict=True):
            row[list(way)] = 0
        theirs = problem.pairs.shift[bundle]
        held_minutes = problem.shift_minutes[theirs]
        same_day = problem.shift_day[theirs][:, None] == problem.shift_day[shifts]
        fits = possible & (stays @ problem.clashes[np.ix_(theirs, shifts)] == 0)
        fits &= stays @ (held_minutes[:, None] * same_day) + minutes <= most_day
        fits &= (stays @ held_minutes)[:, None] + minutes <= most_week
        fits &= (stays.sum(axis=1) < most_shifts)[:, None]
        for slot, pair in enumerate(bundle):
            fits[stays[:, slot] == 0] &= pair not in self._pinned
            fits[:, pairs == pair] = False
        return np.asarray(fits, np.bool_)


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers `start ... start + length - 1` of each range, one range after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - ends + lengths, lengths), np.int64)
