"""Who may stand where (rules 1-5 and 11), for everybody at once with numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Instance, Place, Position, Shift

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

    One vector over the volunteers per distinct time and requirement, and place by place over those who would go there,
    so that the work grows with volunteers x places in machine words, not in Python steps (0.5 million pairs of a
    city: about a second; 5.5 million of a province: ten).
    """
    people = _People(instance)
    found: dict[int, tuple[Ints, Ints, Ints, Ints]] = {}
    for shift_number, number in _by_place(instance):
        shift = instance.shifts[shift_number]
        people.go_to(shift.place)
        for place, position in enumerate(shift.positions, number):
            volunteers, costs = people.eligible(shift, position)
            found[place] = (volunteers, _repeat(place, volunteers), _repeat(shift_number, volunteers), costs)
    if not found:
        return Pairs(*(np.zeros(0, np.int64) for _ in range(4)))
    columns = zip(*(found[number] for number in range(len(found))), strict=True)
    return Pairs(*(np.concatenate(column) for column in columns))


def _by_place(instance: Instance) -> list[tuple[int, int]]:
    """Each shift's number and that of its first position, those of one place after each other."""
    firsts = accumulate((len(shift.positions) for shift in instance.shifts[:-1]), initial=0)
    numbers = list(zip(range(len(instance.shifts)), firsts, strict=False))
    return sorted(numbers, key=lambda numbered: instance.shifts[numbered[0]].place)


def _repeat(number: int, like: Ints) -> Ints:
    return np.full(len(like), number, np.int64)


@dataclass
class _People:
    """Masks over all volunteers, each computed once; distances for one place after the other."""

    instance: Instance
    places: dict[str, Place] = field(init=False)
    _times: dict[tuple[int, int], Bools] = field(default_factory=dict)
    _requirements: dict[object, Bools] = field(default_factory=dict)
    _wishes: dict[str, Bools] = field(default_factory=dict)
    _here: str | None = None
    _near: Ints = field(default_factory=lambda: _NOBODY)
    _metres: Ints = field(default_factory=lambda: _NOBODY)

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

    def go_to(self, place_id: str) -> None:
        """Look at the volunteers who would go to the place; the next questions are about it."""
        if place_id != self._here:
            place = self.places[place_id]
            metres = np.abs(self._x - place.x) + np.abs(self._y - place.y)
            self._here, self._near = place_id, np.flatnonzero(metres <= self._reach)
            self._metres = metres[self._near]

    def eligible(self, shift: Shift, position: Position) -> tuple[Ints, Ints]:
        """Numbers of the volunteers whom rules 1-5 and 11 allow on the seat, ascending, and their burden there."""
        near = self._near
        allowed = self._free_at(shift)[near] & self._qualified(shift, position)[near]
        for party in shift.parties:
            if party in self._recused:
                allowed &= ~self._mask(self._recused[party])[near]
        away = [who for who, start, end in self._away if start < shift.end and shift.start < end]
        if away:
            allowed &= ~self._mask(np.array(away, np.int64))[near]
        places = np.flatnonzero(allowed)
        return near[places].astype(np.int64), self._costs(near[places], self._metres[places], shift)

    def _costs(self, volunteers: Ints, metres: Ints, shift: Shift) -> Ints:
        """Burden of each volunteer on the shift without fairness."""
        weights = self.instance.rules.weights
        unwanted = ~self._indifferent[volunteers] & ~self._preferring(shift.kind)[volunteers]
        cost = weights.km * (metres // 1000) + weights.preference * unwanted
        if shift.continuity:
            cost = cost + weights.continuity * ~self._mask(self._familiar.get(shift.place, _NOBODY))[volunteers]
        return np.asarray(cost, np.int64)

    def _preferring(self, kind: str) -> Bools:
        if kind not in self._wishes:
            self._wishes[kind] = self._mask(self._preferred.get(kind, _NOBODY))
        return self._wishes[kind]

    def _free_at(self, shift: Shift) -> Bools:
        key = (shift.start, shift.end)
        if key not in self._times:
            fits = (self._windows[:, 1] <= shift.start) & (shift.end <= self._windows[:, 2])
            self._times[key] = self._mask(self._windows[fits, 0])
        return self._times[key]

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
