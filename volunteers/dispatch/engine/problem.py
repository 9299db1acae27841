"""An instance in numbers: what greedy, chains and the linear models work on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.clashes import Clashes, clashes_of
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Instance
from volunteers.dispatch.engine.pairs import Bools, Ints, Pairs, eligible_pairs
from volunteers.dispatch.engine.validation import standing_pins


@dataclass(frozen=True)
class Problem:
    """Arrays over volunteers (`volunteer_…`), shifts, positions and eligible pairs, numbered in file order.

    `position_first_pair` has one entry more than positions: the pairs of position p are
    `position_first_pair[p]:position_first_pair[p + 1]`. `keeps[pair]` counts the rows of the previous plan that the
    pair would keep; `previous_rows` is how many rows could be kept at all. `pinned` are pair numbers.
    """

    instance: Instance
    pairs: Pairs
    clashes: Clashes
    shift_start: Ints
    shift_minutes: Ints
    shift_day: Ints
    shift_green: Bools
    shift_shortage: Bools
    shift_needs_people: Bools
    position_shift: Ints
    position_min: Ints
    position_max: Ints
    position_first_pair: Ints
    max_minutes_day: Ints
    max_minutes_week: Ints
    max_shifts_week: Ints
    recent_shifts: Ints
    pinned: Ints
    keeps: Ints
    previous_rows: int

    @property
    def fairness(self) -> int:
        return self.instance.rules.weights.fairness


def compile_problem(instance: Instance) -> Problem:
    """Numbers for a valid instance; the eligible pairs take nearly all of the time and memory."""
    pairs = eligible_pairs(instance)
    shortage = {place.id for place in instance.places if place.shortage}
    shifts, everyone = instance.shifts, instance.volunteers
    positions = [(number, position) for number, shift in enumerate(shifts) for position in shift.positions]
    keeps, previous_rows = _previous(instance, pairs)
    return Problem(
        instance=instance,
        pairs=pairs,
        clashes=clashes_of(instance),
        shift_start=_ints(shift.start for shift in shifts),
        shift_minutes=_ints(shift.end - shift.start for shift in shifts),
        shift_day=_ints(shift.start // MINUTES_PER_DAY for shift in shifts),
        shift_green=np.array([shift.green for shift in shifts], np.bool_),
        shift_shortage=np.array([shift.place in shortage for shift in shifts], np.bool_),
        shift_needs_people=np.array([any(p.min > 0 for p in s.positions) for s in shifts], np.bool_),
        position_shift=_ints(number for number, _ in positions),
        position_min=_ints(position.min for _, position in positions),
        position_max=_ints(position.max for _, position in positions),
        position_first_pair=np.searchsorted(pairs.position, np.arange(len(positions) + 1)).astype(np.int64),
        max_minutes_day=_ints(volunteer.max_minutes_day for volunteer in everyone),
        max_minutes_week=_ints(volunteer.max_minutes_week for volunteer in everyone),
        max_shifts_week=_ints(volunteer.max_shifts_week for volunteer in everyone),
        recent_shifts=_ints(volunteer.recent_shifts for volunteer in everyone),
        pinned=_pinned(instance, pairs),
        keeps=keeps,
        previous_rows=previous_rows,
    )


def pair_number(pairs: Pairs, position: int, volunteer: int) -> int | None:
    """Number of the pair, None if the volunteer is not eligible for the position."""
    first, last = np.searchsorted(pairs.position, [position, position + 1])
    found = int(first + np.searchsorted(pairs.volunteer[first:last], volunteer))
    return found if found < last and pairs.volunteer[found] == volunteer else None


def _pinned(instance: Instance, pairs: Pairs) -> Ints:
    positions, volunteers = _numbers(instance)
    numbers = []
    for _, row in standing_pins(instance, Directory.of(instance)):
        number = pair_number(pairs, positions[row.shift, row.position], volunteers[row.volunteer])
        if number is None:
            raise ValueError(f"pinned though not eligible: {row}")
        numbers.append(number)
    return _ints(numbers)


def _previous(instance: Instance, pairs: Pairs) -> tuple[Ints, int]:
    """How many rows of the previous plan each pair keeps, and how many rows are still allowed."""
    positions, volunteers = _numbers(instance)
    seats_of: dict[str, list[int]] = defaultdict(list)
    for (shift, _), seat in positions.items():
        seats_of[shift].append(seat)
    keeps = np.zeros(len(pairs), np.int64)
    allowed_rows = 0
    for row in instance.previous:
        volunteer = volunteers[row.volunteer]
        if pair_number(pairs, positions[row.shift, row.position], volunteer) is None:
            continue
        allowed_rows += 1
        for seat in seats_of[row.shift]:
            if (number := pair_number(pairs, seat, volunteer)) is not None:
                keeps[number] += 1
    return keeps, allowed_rows


def _numbers(instance: Instance) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    seats = [(shift.id, position.id) for shift in instance.shifts for position in shift.positions]
    volunteers = {volunteer.id: number for number, volunteer in enumerate(instance.volunteers)}
    return {seat: number for number, seat in enumerate(seats)}, volunteers


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)
