"""Who may stand where (rules 1-5 and 11) and which shifts clash (rule 6), for everybody at once with numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Instance, Place, Position, Shift, known_ways

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_NOBODY = np.zeros(0, np.int64)
_NEVER, _FOR_EVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Pairs:
    """Eligible (volunteer, seat) pairs as parallel arrays, ordered by position, then by volunteer.

    `position` numbers the positions of all shifts in the order of the file; `cost` is the pair's own part of the
    burden (preference, kilometres, continuity) without fairness.
    """

    volunteer: Ints
    position: Ints
    shift: Ints
    cost: Ints

    def __len__(self) -> int:
        return len(self.volunteer)


def eligible_pairs(instance: Instance) -> Pairs:
    """All pairs that rules 1-5 and 11 allow, for a valid instance.

    One vector over the volunteers per distinct time, requirement and place, so that the work grows with
    volunteers x shifts in machine words, not in Python steps (0.5 million pairs of a city: about a second).
    """
    people = _People(instance)
    columns: list[tuple[Ints, Ints, Ints, Ints]] = []
    number = 0
    for shift_number, shift in enumerate(instance.shifts):
        for position in shift.positions:
            volunteers = people.eligible(shift, position)
            costs = people.costs(volunteers, shift)
            columns.append((volunteers, _repeat(number, volunteers), _repeat(shift_number, volunteers), costs))
            number += 1
    if not columns:
        return Pairs(*(np.zeros(0, np.int64) for _ in range(4)))
    return Pairs(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def clash_matrix(instance: Instance) -> Bools:
    """Rule 6 as a symmetric matrix over the shifts; a shift clashes with itself. One byte per pair of shifts."""
    starts = np.array([shift.start for shift in instance.shifts], np.int64)
    ends = np.array([shift.end for shift in instance.shifts], np.int64)
    place_number = {place.id: number for number, place in enumerate(instance.places)}
    places = np.array([place_number[shift.place] for shift in instance.shifts], np.int64)
    xs = np.array([place.x for place in instance.places], np.int64)[places]
    ys = np.array([place.y for place in instance.places], np.int64)[places]
    rules, days = instance.rules, starts // MINUTES_PER_DAY
    known = _known_minutes(instance, place_number)
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


def _repeat(number: int, like: Ints) -> Ints:
    return np.full(len(like), number, np.int64)


@dataclass
class _People:
    """Masks and distances over all volunteers, each computed once."""

    instance: Instance
    places: dict[str, Place] = field(init=False)
    _times: dict[tuple[int, int], Bools] = field(default_factory=dict)
    _requirements: dict[object, Bools] = field(default_factory=dict)
    _distances: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {place.id: place for place in self.instance.places}
        everyone = self.instance.volunteers
        self._x = np.array([v.x for v in everyone], np.int64)
        self._y = np.array([v.y for v in everyone], np.int64)
        self._reach = np.array([v.max_travel_m for v in everyone], np.int64)
        windows = [(number, start, end) for number, v in enumerate(everyone) for start, end in v.available]
        self._windows = np.array(windows, np.int64).reshape(-1, 3)
        self._recused = _index(v.conflict_parties for v in everyone)
        self._preferred = _index(v.preferred_kinds for v in everyone)
        self._indifferent = np.array([not v.preferred_kinds for v in everyone], np.bool_)
        self._familiar = _index(v.familiar_places for v in everyone)
        self._skilled = _index(v.skills for v in everyone)
        self._speakers = _index(v.languages for v in everyone)
        self._of_gender = _index((v.gender,) for v in everyone)
        self._last_valid_day = self._credentials()
        self._away = self._cancellations()

    def eligible(self, shift: Shift, position: Position) -> Ints:
        """Numbers of the volunteers whom rules 1-5 and 11 allow on the seat, ascending."""
        allowed = self._free_at(shift) & self._qualified(shift, position)
        allowed &= self._distance(shift.place) <= self._reach
        for party in shift.parties:
            allowed[self._recused.get(party, _NOBODY)] = False
        for volunteer, start, end in self._away:
            if start < shift.end and shift.start < end:
                allowed[volunteer] = False
        return np.flatnonzero(allowed).astype(np.int64)

    def costs(self, volunteers: Ints, shift: Shift) -> Ints:
        """Burden of each volunteer on the shift without fairness."""
        weights = self.instance.rules.weights
        unwanted = ~self._indifferent & ~self._mask(self._preferred.get(shift.kind, _NOBODY))
        cost = weights.km * (self._distance(shift.place) // 1000) + weights.preference * unwanted
        if shift.continuity:
            cost = cost + weights.continuity * ~self._mask(self._familiar.get(shift.place, _NOBODY))
        return np.asarray(cost[volunteers], np.int64)

    def _free_at(self, shift: Shift) -> Bools:
        key = (shift.start, shift.end)
        if key not in self._times:
            fits = (self._windows[:, 1] <= shift.start) & (shift.end <= self._windows[:, 2])
            self._times[key] = self._mask(self._windows[fits, 0])
        return self._times[key].copy()

    def _qualified(self, shift: Shift, position: Position) -> Bools:
        last_day = shift.end // MINUTES_PER_DAY if position.credentials_any else 0
        wanted = (position.credentials_any, position.skills_all, position.languages_all, position.gender)
        if (*wanted, last_day) not in self._requirements:
            self._requirements[(*wanted, last_day)] = self._meets(position, last_day)
        return self._requirements[(*wanted, last_day)]

    def _meets(self, position: Position, last_day: int) -> Bools:
        meets = np.full(len(self._x), not position.credentials_any)
        for kind in position.credentials_any:
            if kind in self._last_valid_day:
                meets |= self._last_valid_day[kind] >= last_day
        for skill in position.skills_all:
            meets &= self._mask(self._skilled.get(skill, _NOBODY))
        for language in position.languages_all:
            meets &= self._mask(self._speakers.get(language, _NOBODY))
        if position.gender is not None:
            meets &= self._mask(self._of_gender.get(position.gender, _NOBODY))
        return meets

    def _distance(self, place_id: str) -> Ints:
        if place_id not in self._distances:
            place = self.places[place_id]
            self._distances[place_id] = np.abs(self._x - place.x) + np.abs(self._y - place.y)
        return self._distances[place_id]

    def _mask(self, members: Ints) -> Bools:
        mask = np.zeros(len(self._x), np.bool_)
        mask[members] = True
        return mask

    def _credentials(self) -> dict[str, Ints]:
        """Per credential type the last day it is valid for each volunteer; `_NEVER` without a verified one."""
        last_day: dict[str, Ints] = {}
        for number, volunteer in enumerate(self.instance.volunteers):
            for held in volunteer.credentials:
                if held.verified:
                    days = last_day.setdefault(held.type, np.full(len(self._x), _NEVER))
                    days[number] = max(days[number], _FOR_EVER if held.expires is None else held.expires)
        return last_day

    def _cancellations(self) -> list[tuple[int, int, int]]:
        number_of = {volunteer.id: number for number, volunteer in enumerate(self.instance.volunteers)}
        shifts = {shift.id: shift for shift in self.instance.shifts}
        called_off = [(number_of[row.volunteer], shifts[row.shift]) for row in self.instance.cancelled]
        return [(volunteer, shift.start, shift.end) for volunteer, shift in called_off]


def _index(lists: Iterable[Iterable[str]]) -> dict[str, Ints]:
    """Which volunteers (by number) have a word in their list."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(lists):
        for word in words:
            holders[word].append(number)
    return {word: np.array(numbers, np.int64) for word, numbers in holders.items()}
