"""What a volunteer can do on one day: every feasible set of shifts, gathered into blocks that look alike from outside.

Sets of one volunteer with the same start, end, minutes and number of shifts are one block: whatever the shifts are
worth, only the best of them can be part of the best week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.instance import MINUTES_PER_DAY
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.ragged import firsts, spread
from volunteers.dispatch.engine.residual import Residual

_CHUNK = 500_000
_SPAN = 10_000_000
"""More minutes than a week has: volunteer and minute packed into one number."""


@dataclass(frozen=True)
class Blocks:
    """Blocks of `shifts` shifts, ordered by volunteer and start; `day` is that of the first shift.

    `members` (sets x shifts) are candidates, ordered by block; `first` is the first set of each block. Where the sets
    were too many `exact` is False: then `members` (sets x 2) are one block of `shifts - 1` and one of one shift, by
    their places in these two lists, and they may be too far apart.
    """

    shifts: int
    exact: bool
    members: Ints
    first: Ints
    volunteer: Ints
    day: Ints
    start: Ints
    end: Ints
    minutes: Ints

    def __len__(self) -> int:
        return len(self.first)


def day_blocks(residual: Residual, grain: int, most_sets: int) -> list[Blocks]:
    """The blocks of one, two, ... shifts; at most about `most_sets` sets of a size are listed exactly.

    Times are rounded to `grain` minutes towards what allows more, for fewer and larger blocks.
    """
    problem, shift = residual.problem, residual.shift
    start, minutes = problem.shift_start[shift], problem.shift_minutes[shift]
    singles = _gathered(
        np.arange(len(shift))[:, None],
        (residual.volunteer, problem.shift_day[shift], -(-start // grain) * grain, start + minutes, minutes),
        grain,
        exact=True,
    )
    found = [singles]
    while len(following := _extended(residual, grain, singles, found[-1], most_sets)):
        found.append(following)
    return found


def _gathered(members: Ints, looks: tuple[Ints, ...], grain: int, *, exact: bool) -> Blocks:
    """Sort the sets into blocks that look the same: volunteer, day, start, end and minutes."""
    who, day, start, end, minutes = looks
    end, minutes = end // grain * grain, minutes // grain * grain
    order = np.lexsort((minutes, end, start, day, who))
    looks = tuple(look[order] for look in (who, day, start, end, minutes))
    first = firsts(*looks)
    return Blocks(members.shape[1], exact, members[order].astype(np.int32), first, *(look[first] for look in looks))


def _extended(residual: Residual, grain: int, singles: Blocks, last: Blocks, most_sets: int) -> Blocks:
    """Blocks with one more shift, later on the same day."""
    before, after = _follow_ups(residual, singles, last)
    sets = int((_sizes(last)[before] * _sizes(singles)[after]).sum()) if last.exact else most_sets + 1
    looks = (
        last.volunteer[before],
        last.day[before],
        last.start[before],
        singles.end[after],
        last.minutes[before] + singles.minutes[after],
    )
    if sets > most_sets:
        relaxed = _gathered(np.stack([before, after], axis=1), looks, grain, exact=False)
        return Blocks(**{**vars(relaxed), "shifts": last.shifts + 1})
    members, owner = _expanded(residual, singles, last, before, after)
    return _gathered(members, tuple(look[owner] for look in looks), grain, exact=True)


def _follow_ups(residual: Residual, singles: Blocks, last: Blocks) -> tuple[Ints, Ints]:
    """Pairs of a block and a single shift after it that limits of minutes and shifts allow."""
    left, who, day = residual.left, last.volunteer, last.day
    keys = singles.volunteer * _SPAN + singles.start
    begins = np.searchsorted(keys, who * _SPAN + last.end)
    ends = np.searchsorted(keys, who * _SPAN + (day + 1) * MINUTES_PER_DAY)
    counts = np.maximum(ends - begins, 0)
    counts[left.shifts[who] <= last.shifts] = 0
    before, place = spread(counts)
    after = begins[before] + place
    minutes = last.minutes[before] + singles.minutes[after]
    fits = minutes <= np.minimum(left.week[who], left.day[who, day])[before]
    return before[fits], after[fits]


def _sizes(blocks: Blocks) -> Ints:
    """Sets in each block."""
    return np.diff(np.append(blocks.first, len(blocks.members)))


def _expanded(residual: Residual, singles: Blocks, last: Blocks, before: Ints, after: Ints) -> tuple[Ints, Ints]:
    """All sets of a block's set and a single shift that do not clash, and to which pair of blocks each belongs."""
    clashes, shift = residual.problem.clashes, residual.shift
    width, total = _sizes(singles)[after], np.cumsum(_sizes(last)[before] * _sizes(singles)[after])
    found: list[tuple[Ints, Ints]] = []
    cuts = np.searchsorted(total, np.arange(_CHUNK, int(total[-1]) if len(total) else 0, _CHUNK))
    for part in np.split(np.arange(len(before)), np.unique(cuts)):
        owner, place = spread(_sizes(last)[before[part]] * width[part])
        owner = part[owner]
        sets = last.members[last.first[before[owner]] + place // width[owner]]
        added = singles.members[singles.first[after[owner]] + place % width[owner], 0]
        apart = ~clashes[shift[sets], shift[added][:, None]].any(axis=1)
        found.append((np.column_stack([sets[apart], added[apart]]), owner[apart]))
    return np.concatenate([members for members, _ in found]), np.concatenate([owner for _, owner in found])
