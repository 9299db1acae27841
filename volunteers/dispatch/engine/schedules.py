"""The best week of each volunteer at given prices, exactly: all of rules 6 and 7, and the growing cost of fairness.

Whole weeks are joined from blocks of single days. The lists are made once; pricing them is a few passes over flat
arrays (a city: 20 ms), which is what makes bounds by Lagrangian relaxation affordable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.dayblocks import day_blocks
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY
from volunteers.dispatch.engine.pairs import Floats, Ints
from volunteers.dispatch.engine.ragged import firsts, lowest, spread
from volunteers.dispatch.engine.residual import Residual

_SPAN = 10_000_000
_GRAINS = (1, 30, 60, 240, MINUTES_PER_DAY)
MOST_SETS = 5_000_000


@dataclass(frozen=True)
class _Weeks:
    """Sets of d + 1 blocks on different days, ordered by volunteer: a set of d (`before`, its place in the list of
    those) and the `block` after it. `shifts` are those in `before`; `first` begins a volunteer's."""

    before: Ints
    block: Ints
    shifts: Ints
    minutes: Ints
    first: Ints


@dataclass(frozen=True)
class Best:
    """The lowest cost of a week for each volunteer (0 for staying at home) and the candidates in those weeks."""

    values: Floats
    chosen: Ints


class Schedules:
    """All weeks that each volunteer can have beside their pinned shifts.

    Exact unless there are more than `most_sets` of a kind: then times are rounded so that more seems possible than is,
    and values are lower bounds.
    """

    def __init__(self, residual: Residual, most_sets: int = MOST_SETS) -> None:
        self.residual = residual
        for grain in _GRAINS:
            self._generations = day_blocks(residual, grain, most_sets)
            self._collect()
            if self._join(most_sets if grain < _GRAINS[-1] else None):
                break

    def _collect(self) -> None:
        """All blocks in one list by volunteer and start; `_places` says where those of each generation are."""
        parts = self._generations
        names = ("volunteer", "day", "start", "end", "minutes")
        columns = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
        shifts = np.repeat([part.shifts for part in parts], [len(part) for part in parts])
        order = np.lexsort((columns[2], columns[0]))
        places = np.empty(len(order), np.int64)
        places[order] = np.arange(len(order))
        self._places = np.split(places, np.cumsum([len(part) for part in parts])[:-1])
        self._who, self._day, self._start, self._end, self._minutes = (column[order] for column in columns)
        self._shifts = shifts[order]

    def _join(self, most: int | None) -> bool:
        """List the sets of blocks on different days; False if they are more than `most`."""
        alone = np.arange(len(self._who))
        self._weeks = [_Weeks(alone, alone, np.zeros_like(alone), self._minutes, firsts(self._who))]
        while True:
            longer = self._longer(self._weeks[-1], most)
            if longer is None:
                return False
            if not len(longer.block):
                return True
            self._weeks.append(longer)

    def _longer(self, weeks: _Weeks, most: int | None) -> _Weeks | None:
        """Each of the weeks with one more block on a later day, after the night's rest."""
        problem, left, last = self.residual.problem, self.residual.left, weeks.block
        who = self._who[last]
        shifts = weeks.shifts + self._shifts[last]
        earliest = np.maximum(
            (self._day[last] + 1) * MINUTES_PER_DAY, self._end[last] + problem.instance.rules.min_rest_minutes
        )
        begins = np.searchsorted(self._who * _SPAN + self._start, who * _SPAN + np.minimum(earliest, _SPAN - 1))
        counts = np.searchsorted(self._who, who, side="right") - begins
        counts[left.shifts[who] <= shifts] = 0
        if most is not None and counts.sum() > most:
            return None
        before, place = spread(counts)
        block = begins[before] + place
        minutes, together = weeks.minutes[before] + self._minutes[block], shifts[before] + self._shifts[block]
        fits = (minutes <= left.week[who[before]]) & (together <= left.shifts[who[before]])
        before, block = before[fits], block[fits]
        return _Weeks(before, block, shifts[before], minutes[fits], firsts(self._who[block]))

    def price(self, weights: Floats, fairness: float) -> Best:
        """The best weeks if candidate i costs `weights[i]` and the n-th shift of a volunteer 2 (n - 1) `fairness`."""
        sets, blocks = self._price_blocks(weights, fairness)
        best = np.zeros(len(self.residual.left.shifts))
        depth = np.full(len(best), -1)
        places = np.zeros(len(best), np.int64)
        for number, values in enumerate(self._price_weeks(blocks, fairness)):
            least = lowest(values, self._weeks[number].first)
            who = self._who[self._weeks[number].block[least]]
            better = values[least] < best[who]
            who, least = who[better], least[better]
            best[who], depth[who], places[who] = values[least], number, least
        return Best(best, self._members(self._blocks_of(depth, places), sets))

    def reduced_costs(self, weights: Floats, fairness: float) -> Floats:
        """How much dearer than the best week the best week with each candidate in it is."""
        sets, blocks = self._price_blocks(weights, fairness)
        best = self.price(weights, fairness).values
        rest = self._rest_of_week(blocks, fairness)
        costs = np.full(len(weights), np.inf)
        for part, places, values in zip(
            reversed(self._generations), reversed(self._places), reversed(sets), strict=True
        ):
            block = np.repeat(places, np.diff(np.append(part.first, len(values))))
            whole = values + rest[block] - best[self._who[block]]
            if part.exact:
                for column in part.members.T:
                    np.minimum.at(costs, column, whole)
            else:
                shorter, single = self._places[part.shifts - 2][part.members[:, 0]], self._places[0][part.members[:, 1]]
                np.minimum.at(rest, shorter, rest[block] + values - blocks[shorter])
                np.minimum.at(rest, single, rest[block] + values - blocks[single])
        return costs

    def _rest_of_week(self, blocks: Floats, fairness: float) -> Floats:
        """What the cheapest week around each block costs without the block itself."""
        rest = np.zeros(len(blocks))
        values = self._price_weeks(blocks, fairness)
        for number, costs in enumerate(values[1:], 1):
            for place in self._blocks_in(number):
                np.minimum.at(rest, place, costs - blocks[place])
        return rest

    def _price_blocks(self, weights: Floats, fairness: float) -> tuple[list[Floats], Floats]:
        """What each set of a day costs, generation by generation, and the cheapest of each block."""
        sets: list[Floats] = []
        blocks = np.zeros(len(self._who))
        for part, places in zip(self._generations, self._places, strict=True):
            if part.exact:
                costs = weights[part.members].sum(axis=1) if part.shifts > 2 else _sum(weights, part.members)
                costs = costs + fairness * part.shifts * (part.shifts - 1)
            else:
                costs = blocks[self._places[part.shifts - 2][part.members[:, 0]]]
                costs = costs + blocks[self._places[0][part.members[:, 1]]] + 2 * fairness * (part.shifts - 1)
            sets.append(costs)
            if len(part):
                blocks[places] = np.minimum.reduceat(costs, part.first)
        return sets, blocks

    def _price_weeks(self, blocks: Floats, fairness: float) -> list[Floats]:
        values = [blocks]
        for weeks in self._weeks[1:]:
            growth = 2 * fairness * weeks.shifts * self._shifts[weeks.block]
            values.append(values[-1][weeks.before] + blocks[weeks.block] + growth)
        return values

    def _blocks_in(self, number: int) -> list[Ints]:
        """The first, second, ... blocks of the weeks of a depth."""
        going, found = np.arange(len(self._weeks[number].block)), []
        for weeks in reversed(self._weeks[: number + 1]):
            found.append(weeks.block[going])
            going = weeks.before[going]
        return found

    def _blocks_of(self, depth: Ints, places: Ints) -> Ints:
        """The blocks in the weeks at these places of the lists of these depths."""
        found: list[Ints] = []
        going = np.zeros(0, np.int64)
        for number in range(len(self._weeks) - 1, -1, -1):
            going = np.concatenate([going, places[depth == number]])
            found.append(self._weeks[number].block[going])
            going = self._weeks[number].before[going]
        return np.concatenate(found)

    def _members(self, blocks: Ints, sets: list[Floats]) -> Ints:
        """The candidates in the cheapest sets of these blocks."""
        wanted = np.zeros(len(self._who), np.int64)
        np.add.at(wanted, blocks, 1)
        found: list[Ints] = []
        for part, places, costs in zip(
            reversed(self._generations), reversed(self._places), reversed(sets), strict=True
        ):
            inside = np.flatnonzero(wanted[places])
            sizes = np.diff(np.append(part.first, len(costs)))[inside]
            owner, place = spread(sizes)
            listed = part.first[inside][owner] + place
            chosen = listed[lowest(costs[listed], firsts(owner))]
            if part.exact:
                found.append(np.repeat(part.members[chosen], wanted[places[inside]], axis=0).ravel())
            else:
                np.add.at(wanted, self._places[part.shifts - 2][part.members[chosen, 0]], 1)
                np.add.at(wanted, self._places[0][part.members[chosen, 1]], 1)
        return np.concatenate(found).astype(np.int64)


def _sum(weights: Floats, members: Ints) -> Floats:
    """Row sums of one or two columns, without a table of all weights."""
    total = weights[members[:, 0]]
    for column in range(1, members.shape[1]):
        total = total + weights[members[:, column]]
    return total
