"""What one volunteer cannot do at once, as few and as strong linear rows as possible.

A row per clique of shifts any two of which exclude each other (by time, rest or hour limits) tightens the linear
relaxation far more than one row per pair; hour limits get their own row only where the cliques do not imply them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Ints


@dataclass(frozen=True)
class Row:
    """Sum of `weights` over the chosen ones of `members` (indices of the given shifts) is at most `limit`."""

    members: Ints
    weights: Ints
    limit: int


def exclusion_rows(
    clashes: Bools, minutes: Ints, days: Ints, most_shifts: int, most_week: int, most_day: Ints
) -> list[Row]:
    """Rows for n candidate shifts of one volunteer.

    `clashes` is n x n with a true diagonal, `minutes` and `days` have length n, `most_day` is the limit of minutes
    for each day of the week. Every shift alone must fit the limits.
    """
    count = len(minutes)
    if count < 2:
        return []
    together = minutes[:, None] + minutes[None, :]
    same_day = days[:, None] == days[None, :]
    excluded = clashes | (together > most_week) | (same_day & (together > most_day[days][:, None]))
    if most_shifts < 2 or excluded.all():
        return [_unit_row(np.arange(count), 1)]
    rows = [_unit_row(np.array(clique), 1) for clique in _clique_cover(excluded)]
    return rows + list(_limit_rows(excluded, minutes, days, most_shifts, most_week, most_day))


def _limit_rows(
    excluded: Bools, minutes: Ints, days: Ints, most_shifts: int, most_week: int, most_day: Ints
) -> Iterator[Row]:
    everything = np.arange(len(minutes))
    if len(minutes) > most_shifts:
        yield _unit_row(everything, most_shifts)
    if minutes.sum() > most_week:
        yield Row(everything, minutes, most_week)
    for day in np.unique(days):
        members = np.flatnonzero(days == day)
        exclusive = excluded[np.ix_(members, members)].all()
        if not exclusive and minutes[members].sum() > most_day[day]:
            yield Row(members, minutes[members], int(most_day[day]))


def _unit_row(members: Ints, limit: int) -> Row:
    return Row(members, np.ones(len(members), np.int64), limit)


def _clique_cover(excluded: Bools) -> Iterator[list[int]]:
    """Cliques that together contain every excluded pair: each is grown greedily from an uncovered pair."""
    neighbours = [_bits(row) & ~(1 << number) for number, row in enumerate(excluded)]
    uncovered = list(neighbours)
    for first in range(len(neighbours)):
        while uncovered[first]:
            second = _lowest(uncovered[first])
            clique = [first, second]
            candidates = neighbours[first] & neighbours[second]
            while candidates:
                following = _lowest(candidates & uncovered[first] or candidates)
                clique.append(following)
                candidates &= neighbours[following]
            members = sum(1 << member for member in clique)
            for member in clique:
                uncovered[member] &= ~members
            yield clique


def _bits(row: Bools) -> int:
    return int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little")


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
