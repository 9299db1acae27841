"""Realistic provinces by seed: cities of differing size side by side, whose people cross the borders.

Who lives near a border reaches places on its other side; notaries, retired judges and speakers of She are few, live
where they live and travel far; shifts of the green channel and people are spread unevenly, so that a city that is left
to its own people goes without some of its most important shifts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate, pairwise

import msgspec

from volunteers.dispatch.engine.generate import (
    RULES,
    Area,
    draw_credential,
    draw_place,
    draw_shift,
    draw_volunteer,
    metres,
)
from volunteers.dispatch.engine.homes import home_cities
from volunteers.dispatch.engine.instance import Assignment, District, Instance, Place, Shift, Volunteer
from volunteers.dispatch.engine.pairs import eligible_pairs


@dataclass(frozen=True)
class Town:
    """One city: where it lies (in units of 19 km), how wide and high it is (kilometres each way), its parts and needs.

    `people` and `shifts` are per mille of the province's; `green` is the share of its shifts in the green channel.
    """

    at: tuple[int, int]
    spread: tuple[int, int]
    districts: int
    people: int
    shifts: int
    green: float


@dataclass(frozen=True)
class ProvinceSize:
    """How many places, people and shifts the towns share.

    `scale` is how wide the country is, in metres for a kilometre; `pinned` the share of the shifts with a sign-up.
    """

    towns: tuple[Town, ...]
    scale: int
    pinned: float
    places: int
    volunteers: int
    shifts: int


_CITIES = (
    Town((0, 0), (130, 95), 13, 128, 118, 0.18),
    Town((15, 2), (110, 95), 10, 116, 106, 0.16),
    Town((13, -12), (125, 110), 12, 104, 112, 0.26),
    Town((5, 12), (90, 60), 7, 96, 86, 0.14),
    Town((-7, 12), (85, 85), 5, 76, 70, 0.16),
    Town((9, -1), (90, 90), 6, 92, 84, 0.18),
    Town((0, -12), (120, 95), 9, 102, 104, 0.22),
    Town((-13, -9), (110, 90), 6, 70, 84, 0.30),
    Town((25, 5), (60, 60), 4, 54, 58, 0.26),
    Town((13, -24), (110, 90), 9, 98, 98, 0.20),
    Town((0, -25), (130, 110), 9, 64, 80, 0.32),
)
_SMALL_TOWNS = (
    Town((0, 0), (14, 12), 2, 340, 250, 0.15),
    Town((3, 0), (14, 12), 1, 260, 250, 0.30),
    Town((0, -3), (12, 14), 1, 220, 300, 0.35),
    Town((3, -3), (12, 12), 1, 180, 200, 0.20),
)
PROVINCES = {
    "tiny-province": ProvinceSize(_SMALL_TOWNS, 800, 0.05, places=60, volunteers=260, shifts=210),
    "mini-province": ProvinceSize(_CITIES, 300, 0.006, places=550, volunteers=3_438, shifts=2_888),
    "small-province": ProvinceSize(_CITIES, 600, 0.006, places=2_200, volunteers=13_750, shifts=11_550),
    "province": ProvinceSize(_CITIES, 1_100, 0.006, places=8_800, volunteers=55_000, shifts=46_200),
}
_UNIT = 19
_SPECIALISTS = (("notary", 0.006, 0.014), ("retired_judge", 0.004, 0.010))
"""Credential, share of the people who hold it, share of the shifts that ask for it."""
_SHE_SPEAKERS, _SHE_SEATS = 0.006, 0.012
_FAR = (90_000, 140_000, 220_000)


def generate_province(size: str, seed: int) -> Instance:
    """A week of one of `PROVINCES` (KeyError otherwise), the same for the same seed; some rows are pinned."""
    wanted, chance = PROVINCES[size], random.Random(seed)
    towns = wanted.towns
    counts = zip(
        _shares(wanted.places, [town.shifts for town in towns]),
        _shares(wanted.volunteers, [town.people for town in towns]),
        _shares(wanted.shifts, [town.shifts for town in towns]),
        strict=True,
    )
    districts: list[District] = []
    places: list[Place] = []
    people: list[Volunteer] = []
    shifts: list[Shift] = []
    for number, (town, (place_count, volunteer_count, shift_count)) in enumerate(zip(towns, counts, strict=True)):
        areas = _areas(chance, number, town, wanted.scale, len(districts))
        here = tuple(draw_place(chance, len(places) + n, chance.choice(areas)) for n in range(place_count))
        districts += [area.district for area in areas]
        places += here
        people += [_person(chance, len(people) + n, chance.choice(areas), here) for n in range(volunteer_count)]
        shifts += [_need(chance, len(shifts) + n, chance.choice(here), town.green) for n in range(shift_count)]
    plain = Instance(f"{size}-{seed}", 7, RULES, tuple(districts), tuple(places), tuple(people), tuple(shifts))
    return msgspec.structs.replace(plain, pinned=_signed_up(chance, plain, wanted.pinned))


def _shares(total: int, weights: list[int]) -> list[int]:
    """The total divided by weight, nothing lost."""
    ends = [total * part // sum(weights) for part in accumulate(weights, initial=0)]
    return [last - first for first, last in pairwise(ends)]


def _areas(chance: random.Random, number: int, town: Town, scale: int, before: int) -> list[Area]:
    """The districts of a town; the first half is urban and lies close together."""
    areas = []
    for n in range(town.districts):
        rural = n >= (town.districts + 1) // 2
        wide, high = (scale * (side if rural else min(25, side // 2)) for side in town.spread)
        district = District(f"D{before + n + 1:03}", number + 1, f"District {number + 1}.{n + 1}", rural)
        x, y = (place * _UNIT * scale for place in town.at)
        radius = min(town.spread) * scale // (3 if rural else 8)
        areas.append(Area(district, x + metres(chance, wide), y + metres(chance, high), radius))
    return areas


def _person(chance: random.Random, number: int, area: Area, places: tuple[Place, ...]) -> Volunteer:
    """Somebody of the town; a few have a rare calling or language, for which they travel far."""
    person = draw_volunteer(chance, number, area, places)
    drawn = chance.random()
    for kind, share, _ in _SPECIALISTS:
        if drawn < share:
            held = (*person.credentials, draw_credential(chance, kind))
            return msgspec.structs.replace(person, credentials=held, max_travel_m=chance.choice(_FAR))
        drawn -= share
    if drawn < _SHE_SPEAKERS:
        spoken = (*person.languages, "she")
        return msgspec.structs.replace(person, languages=spoken, max_travel_m=chance.choice(_FAR))
    return person


def _need(chance: random.Random, number: int, place: Place, green: float) -> Shift:
    """A shift at the place; a few ask for a rare calling or language."""
    shift = draw_shift(chance, number, place)
    first, *others = shift.positions
    drawn = chance.random()
    for kind, _, share in _SPECIALISTS:
        if 0 <= drawn < share:
            first = msgspec.structs.replace(first, credentials_any=(kind,), skills_all=(), languages_all=())
        drawn -= share
    if 0 <= drawn < _SHE_SEATS:
        first = msgspec.structs.replace(first, languages_all=("she",), skills_all=())
    return msgspec.structs.replace(shift, green=chance.random() < green, positions=(first, *others))


def _signed_up(chance: random.Random, instance: Instance, share: float) -> tuple[Assignment, ...]:
    """Accepted sign-ups, one a person; every other one by somebody of another city where there is one."""
    some = tuple(shift for shift in instance.shifts if chance.random() < share)
    few = msgspec.structs.replace(instance, shifts=some)
    pairs, homes = eligible_pairs(few), home_cities(instance)
    city_of = {district.id: district.city for district in instance.districts}
    city_at = {place.id: city_of[place.district] for place in instance.places}
    seats = [seat for shift in some for seat in shift.positions]
    rows: list[Assignment] = []
    busy: set[int] = set()
    for number, shift in enumerate(some):
        able = [int(who) for who in pairs.volunteer[pairs.shift == number] if int(who) not in busy]
        away = [who for who in able if homes[who] != city_at[shift.place]]
        if able:
            who = chance.choice(away if away and len(rows) % 2 else able)
            busy.add(who)
            seat = seats[int(pairs.position[(pairs.shift == number) & (pairs.volunteer == who)][0])]
            rows.append(Assignment(shift.id, seat.id, instance.volunteers[who].id))
    return tuple(rows)
