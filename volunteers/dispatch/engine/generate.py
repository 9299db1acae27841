"""Realistic random weeks by seed, for tests and benchmarks: a region of urban and rural districts.

The proportions (kinds of duty, hours, who holds which credential, how far people travel) follow the two example files.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Credential,
    District,
    Gender,
    Instance,
    Place,
    PlaceKind,
    Position,
    Rules,
    Shift,
    ShiftKind,
    Volunteer,
    Weights,
)

RULES = Rules(500, 10, 750, Weights(fairness=20, preference=8, km=1, continuity=6))
_SKILLS = ("labor", "marriage", "land", "criminal", "minors")
_MORNING, _AFTERNOON, _EVENING, _WHOLE_DAY = (480, 720), (780, 1020), (1080, 1290), (480, 1020)
_CREDENTIAL_SETS: dict[tuple[str, ...], int] = {
    ("lawyer",): 30,
    ("mediator",): 22,
    ("legal_worker",): 14,
    (): 15,
    ("lecturer",): 9,
    ("lawyer", "lecturer"): 7,
    ("lawyer", "mediator"): 3,
    ("mediator", "psychologist"): 3,
}


@dataclass(frozen=True)
class Size:
    """How many of each; about the second half of the districts is rural."""

    districts: int
    places: int
    volunteers: int
    shifts: int


SIZES = {
    "town": Size(districts=1, places=20, volunteers=90, shifts=60),
    "district": Size(districts=1, places=60, volunteers=400, shifts=300),
    "quarter": Size(districts=4, places=200, volunteers=1250, shifts=1050),
    "half": Size(districts=7, places=400, volunteers=2500, shifts=2100),
    "city": Size(districts=13, places=800, volunteers=5000, shifts=4200),
}


@dataclass(frozen=True)
class _Kind:
    """A kind of shift: how often, how long, when it may start, who is wanted (id, min, max, credentials)."""

    weight: int
    minutes: int
    starts: tuple[int, ...]
    seats: tuple[tuple[tuple[str, int, int, tuple[str, ...]], ...], ...]
    continuity: bool = False
    has_parties: bool = False


_LAWYER, _ADVISER = ("lawyer",), ("lawyer", "legal_worker")
_SPEAKER = ("speaker", 1, 1, ("lawyer", "lecturer"))
_MEDIATOR = ("mediator", 1, 1, ("mediator",))
_KINDS = {
    ShiftKind.DUTY: _Kind(
        32,
        180,
        (510, 810),
        ((("lawyer", 1, 1, _LAWYER),), (("lawyer", 1, 1, _LAWYER),), (("lawyer", 1, 2, _LAWYER),)),
        continuity=True,
    ),
    ShiftKind.LECTURE: _Kind(
        17,
        120,
        (540, 840, 1110),
        (
            (_SPEAKER, ("helper", 1, 1, ())),
            (_SPEAKER, ("helper", 1, 1, ())),
            (_SPEAKER, ("helper", 1, 1, ())),
            (_SPEAKER, ("helper", 0, 1, ())),
            (_SPEAKER, ("helper", 0, 2, ())),
            (_SPEAKER, ("helper", 1, 3, ())),
        ),
    ),
    ShiftKind.MEDIATION: _Kind(
        15,
        120,
        (540, 810, 840, 1110),
        ((_MEDIATOR,), (_MEDIATOR, ("lawyer", 1, 1, _ADVISER))),
        has_parties=True,
    ),
    ShiftKind.VILLAGE: _Kind(14, 120, (510, 540, 840), ((("adviser", 1, 1, _ADVISER),),), continuity=True),
    ShiftKind.HOME_VISIT: _Kind(
        14,
        60,
        (510, 570, 630, 870, 930),
        (
            (("adviser", 1, 1, _ADVISER),),
            (("adviser", 1, 1, _ADVISER),),
            (("adviser", 1, 1, _ADVISER), ("helper", 1, 1, ())),
        ),
    ),
    ShiftKind.DELIVERY: _Kind(
        8,
        90,
        (600, 870),
        ((("expert", 1, 1, _LAWYER),), (("expert", 1, 1, _LAWYER),), (("expert", 2, 2, _LAWYER),)),
        has_parties=True,
    ),
}


def generate(size: str, seed: int) -> Instance:
    """A week of one of `SIZES` (KeyError otherwise), the same for the same seed; nothing pinned, no plan before it."""
    return generate_week(SIZES[size], seed, f"{size}-{seed}")


def generate_week(size: Size, seed: int, name: str) -> Instance:
    """A week of any size."""
    chance = random.Random(seed)
    region = [Area.draw(chance, number, size.districts) for number in range(size.districts)]
    places = tuple(draw_place(chance, number, chance.choice(region)) for number in range(size.places))
    volunteers = tuple(draw_volunteer(chance, n, chance.choice(region), places) for n in range(size.volunteers))
    shifts = tuple(draw_shift(chance, number, chance.choice(places)) for number in range(size.shifts))
    return Instance(
        name=name,
        days=7,
        rules=RULES,
        districts=tuple(area.district for area in region),
        places=places,
        volunteers=volunteers,
        shifts=shifts,
    )


@dataclass(frozen=True)
class Area:
    """A district with its centre and radius in metres."""

    district: District
    x: int
    y: int
    radius: int

    @classmethod
    def draw(cls, chance: random.Random, number: int, districts: int) -> Area:
        rural = number >= (districts + 1) // 2
        reach = 90_000 if rural else min(25_000, 9_000 * districts)
        district = District(id=f"D{number + 1:03}", city=1, name=f"District {number + 1}", rural=rural)
        return cls(district, metres(chance, reach), metres(chance, reach), 25_000 if rural else 9_000)

    def point(self, chance: random.Random) -> tuple[int, int]:
        return self.x + metres(chance, self.radius), self.y + metres(chance, self.radius)


def metres(chance: random.Random, reach: int) -> int:
    """A coordinate within reach of the origin."""
    return chance.randrange(-reach, reach + 1, 10)


def draw_place(chance: random.Random, number: int, area: Area) -> Place:
    """A station or village somewhere in the district."""
    x, y = area.point(chance)
    kind = PlaceKind.STATION if chance.random() < 0.25 else PlaceKind.VILLAGE
    shortage = chance.random() < (0.5 if area.district.rural else 0.2)
    return Place(f"P{number + 1:05}", area.district.id, kind, x, y, shortage)


def draw_volunteer(chance: random.Random, number: int, area: Area, places: tuple[Place, ...]) -> Volunteer:
    """Somebody who lives in the district and knows some of the places there."""
    x, y = area.point(chance)
    near = [place.id for place in chance.sample(places, min(12, len(places))) if place.district == area.district.id]
    held = chance.choices(list(_CREDENTIAL_SETS), weights=list(_CREDENTIAL_SETS.values()))[0]
    kinds = tuple(ShiftKind)
    return Volunteer(
        id=f"V{number + 1:05}",
        x=x,
        y=y,
        gender=chance.choice(tuple(Gender)),
        credentials=tuple(draw_credential(chance, kind) for kind in held),
        skills=tuple(skill for skill in _SKILLS if chance.random() < 0.13),
        languages=_languages(chance),
        available=_windows(chance),
        max_minutes_day=chance.choice((180, 180, 240, 360, 480)),
        max_minutes_week=chance.choice((180, 240, 240, 360, 540)),
        max_shifts_week=chance.choice((1, 1, 1, 2, 2, 2, 2, 3, 3, 5)),
        max_travel_m=chance.choice((24, 40, 70, 140) if area.district.rural else (12, 20, 35, 70)) * 1000,
        conflict_parties=tuple(sorted(_parties(chance, 4))) if chance.random() < 0.25 else (),
        recent_shifts=chance.choice((0, 0, 1, 1, 2, 3, 5)),
        preferred_kinds=tuple(kind for kind in kinds if chance.random() < 0.6),
        familiar_places=tuple(near),
    )


def draw_credential(chance: random.Random, kind: str) -> Credential:
    """A credential that is mostly verified and mostly valid all week."""
    expires = chance.randrange(7) if chance.random() < 0.03 else None
    return Credential(kind, chance.random() < 0.97, expires)


def _languages(chance: random.Random) -> tuple[str, ...]:
    spoken = (("hangzhou", 0.5), ("english", 0.07), ("sign", 0.03))
    return ("mandarin", *(language for language, share in spoken if chance.random() < share))


def _windows(chance: random.Random) -> tuple[tuple[int, int], ...]:
    days = chance.sample(range(7), chance.choice((1, 2, 2, 3, 3, 4, 4, 5)))
    windows = []
    for day in sorted(days):
        start, end = chance.choices((_MORNING, _AFTERNOON, _EVENING, _WHOLE_DAY), (30, 34, 30, 6))[0]
        windows.append((day * MINUTES_PER_DAY + start, day * MINUTES_PER_DAY + end))
    return tuple(windows)


def _parties(chance: random.Random, most: int) -> set[str]:
    return {f"O{chance.randrange(1, 300):05}" for _ in range(chance.randint(1, most))}


def draw_shift(chance: random.Random, number: int, place: Place) -> Shift:
    """Something to do at the place some time in the week."""
    kind = chance.choices(list(_KINDS), weights=[kind.weight for kind in _KINDS.values()])[0]
    habit = _KINDS[kind]
    day = chance.choices(range(7), (20, 20, 20, 20, 20, 6, 5))[0]
    start = day * MINUTES_PER_DAY + chance.choice(habit.starts)
    return Shift(
        id=f"S{number + 1:05}",
        kind=kind,
        place=place.id,
        start=start,
        end=start + habit.minutes,
        green=chance.random() < 0.2,
        continuity=habit.continuity,
        positions=tuple(_position(chance, *seat) for seat in chance.choice(habit.seats)),
        parties=tuple(sorted(_parties(chance, 3))) if habit.has_parties else (),
    )


def _position(chance: random.Random, name: str, least: int, most: int, held: tuple[str, ...]) -> Position:
    skill = chance.random() < 0.15 and bool(held)
    dialect = chance.choices((None, "hangzhou", "sign"), (90, 8, 2))[0] if held else None
    return Position(
        id=name,
        min=least,
        max=most,
        credentials_any=held,
        skills_all=(chance.choice(_SKILLS),) if skill else (),
        languages_all=(dialect,) if dialect else (),
        gender=Gender.FEMALE if held and chance.random() < 0.04 else None,
    )
