"""Which shifts clash (rule 6), for all of them at once with numpy."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Instance, Shift, known_ways
from volunteers.dispatch.engine.pairs import Bools, Ints

MOST_SHIFTS_LISTED = 12_000
"""Of more shifts than that no matrix is made: 46,000 would take 2 GiB."""


class Clashes(Protocol):
    """Rule 6 between shifts; a shift clashes with itself."""

    def __getitem__(self, shifts: tuple[Ints | int, ...], /) -> Bools:
        """Whether shifts clash, for two arrays of their numbers that fit each other (as numpy's own matrix says it)."""


def clashes_of(instance: Instance, most_listed: int = MOST_SHIFTS_LISTED) -> Clashes:
    """A matrix, or where there are too many shifts for one, what answers in its place."""
    return clash_matrix(instance) if len(instance.shifts) <= most_listed else ReckonedClashes(instance)


class ReckonedClashes:
    """Rule 6 worked out when asked: no memory to speak of, ten times slower than looking it up."""

    def __init__(self, instance: Instance) -> None:
        """Remember when and where the shifts of a valid instance are."""
        self._rules = instance.rules
        self._starts, self._ends, self._places, self._xs, self._ys = _when_and_where(instance)
        order = sorted(range(len(self._starts)), key=lambda n: (instance.shifts[n].start, instance.shifts[n].id))
        self._rank = np.empty(len(order), np.int64)
        self._rank[order] = np.arange(len(order))
        self._days = self._starts // MINUTES_PER_DAY
        columns = (self._rank, self._starts, self._ends, self._places, self._xs, self._ys)
        self._facts: list[tuple[int, ...]] = list(zip(*(column.tolist() for column in columns), strict=True))
        number_of = {place.id: number for number, place in enumerate(instance.places)}
        self._stated = {(number_of[a], number_of[b]): m for (a, b), m in known_ways(instance).items()}

    def __getitem__(self, shifts: tuple[Ints | int, ...], /) -> Bools:
        """See `Clashes`."""
        one, other = np.broadcast_arrays(*shifts)
        swap = self._rank[one] > self._rank[other]
        first, second = np.where(swap, other, one), np.where(swap, one, other)
        rules = self._rules
        metres = np.abs(self._xs[first] - self._xs[second]) + np.abs(self._ys[first] - self._ys[second])
        needed = rules.travel_setup_min + -(-metres // rules.travel_speed_m_per_min)
        if self._stated:
            needed = self._as_stated(self._places[first], self._places[second], needed)
        needed = np.where(self._places[first] == self._places[second], 0, needed)
        next_day = self._days[first] != self._days[second]
        needed = np.where(next_day, np.maximum(needed, rules.min_rest_minutes), needed)
        return np.asarray((self._starts[second] - self._ends[first] < needed) | (first == second), np.bool_)

    def between(self, one: int, other: int) -> bool:
        """Whether two shifts clash: the same without arrays, twenty times faster for a single pair."""
        if one == other:
            return True
        first, second = sorted((self._facts[one], self._facts[other]))
        start, end, place, x, y = first[1:]
        next_start, _, next_place, next_x, next_y = second[1:]
        gap = next_start - end
        if place != next_place:
            metres = abs(x - next_x) + abs(y - next_y)
            estimate = self._rules.travel_setup_min + -(-metres // self._rules.travel_speed_m_per_min)
            if gap < self._stated.get((place, next_place), estimate):
                return True
        elif gap < 0:
            return True
        return start // MINUTES_PER_DAY != next_start // MINUTES_PER_DAY and gap < self._rules.min_rest_minutes

    def _as_stated(self, origins: Ints, targets: Ints, estimated: Ints) -> Ints:
        ways = zip(origins.ravel().tolist(), targets.ravel().tolist(), estimated.ravel().tolist(), strict=True)
        stated = [self._stated.get((origin, target), minutes) for origin, target, minutes in ways]
        return np.array(stated, np.int64).reshape(estimated.shape)


def _when_and_where(instance: Instance) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Start, end, place and its coordinates of each shift."""
    starts = np.array([shift.start for shift in instance.shifts], np.int64)
    ends = np.array([shift.end for shift in instance.shifts], np.int64)
    place_number = {place.id: number for number, place in enumerate(instance.places)}
    places = np.array([place_number[shift.place] for shift in instance.shifts], np.int64)
    xs = np.array([place.x for place in instance.places], np.int64)[places]
    ys = np.array([place.y for place in instance.places], np.int64)[places]
    return starts, ends, places, xs, ys


def clash_matrix(instance: Instance) -> Bools:
    """Rule 6 as a symmetric matrix over the shifts; a shift clashes with itself. One byte per pair of shifts."""
    starts, ends, places, xs, ys = _when_and_where(instance)
    rules, days = instance.rules, starts // MINUTES_PER_DAY
    known = _known_minutes(instance, {place.id: number for number, place in enumerate(instance.places)})
    clashes = np.zeros((len(starts), len(starts)), np.bool_)
    for a in range(len(starts)):
        metres = np.abs(xs - xs[a]) + np.abs(ys - ys[a])
        travel = rules.travel_setup_min + -(-metres // rules.travel_speed_m_per_min)
        before = _comes_before(instance.shifts, starts, a)
        if known is not None:
            stated = np.where(before, known[places, places[a]], known[places[a], places])
            travel = np.where(stated < 0, travel, stated)
        needed = np.where(places == places[a], 0, travel)
        needed = np.where(days != days[a], np.maximum(needed, rules.min_rest_minutes), needed)
        gap = np.where(before, starts[a] - ends, starts - ends[a])
        clashes[a] = gap < needed
    np.fill_diagonal(clashes, True)
    return clashes


def _known_minutes(instance: Instance, place_number: dict[str, int]) -> Ints | None:
    """Stated travel times as a matrix over the places, -1 where there is none; None if nothing is stated at all."""
    ways = known_ways(instance)
    if not ways:
        return None
    minutes = np.full((len(place_number), len(place_number)), -1, np.int64)
    for (origin, target), stated in ways.items():
        minutes[place_number[origin], place_number[target]] = stated
    return minutes


def _comes_before(shifts: tuple[Shift, ...], starts: Ints, a: int) -> Bools:
    """Which shifts come before shift `a` in the order of rule 6: by start, then by id."""
    before: Bools = starts < starts[a]
    for tie in np.flatnonzero(starts == starts[a]):
        before[tie] = shifts[tie].id < shifts[a].id
    return before
