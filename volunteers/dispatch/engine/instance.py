"""The types of one week (`dispatch-instance/1`) and of its plan (`dispatch-plan/1`).

All numbers are integers. Times are minutes from Monday 00:00 of the planned week, coordinates are metres in a plane,
distance is |dx| + |dy|.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

MINUTES_PER_DAY = 1440


class Gender(StrEnum):
    FEMALE = "F"
    MALE = "M"


class PlaceKind(StrEnum):
    STATION = "station"
    VILLAGE = "village"


class ShiftKind(StrEnum):
    DUTY = "duty"
    LECTURE = "lecture"
    MEDIATION = "mediation"
    VILLAGE = "village"
    DELIVERY = "delivery"
    HOME_VISIT = "homevisit"


class _Record(msgspec.Struct, frozen=True):
    """A value of the file format; unknown keys are ignored."""


class Weights(_Record, frozen=True):
    """What one unit of each kind of burden costs."""

    fairness: int
    preference: int
    km: int
    continuity: int


class Rules(_Record, frozen=True):
    """Rules of the week: metres per minute, minutes, minutes."""

    travel_speed_m_per_min: int
    travel_setup_min: int
    min_rest_minutes: int
    weights: Weights


class District(_Record, frozen=True):
    id: str
    city: int = 0
    name: str = ""
    rural: bool = False


class Place(_Record, frozen=True):
    id: str
    district: str
    kind: PlaceKind
    x: int
    y: int
    shortage: bool


class Credential(_Record, frozen=True):
    """`expires` is the last valid day of the week (0 is Monday), None: never within it."""

    type: str
    verified: bool
    expires: int | None = None


class Volunteer(_Record, frozen=True):
    """A person with home coordinates, windows of availability and limits (minutes, shifts, metres)."""

    id: str
    x: int
    y: int
    gender: Gender
    credentials: tuple[Credential, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    available: tuple[tuple[int, int], ...]
    max_minutes_day: int
    max_minutes_week: int
    max_shifts_week: int
    max_travel_m: int
    conflict_parties: tuple[str, ...] = ()
    recent_shifts: int = 0
    preferred_kinds: tuple[ShiftKind, ...] = ()
    familiar_places: tuple[str, ...] = ()


class Position(_Record, frozen=True):
    """A kind of seat on a shift: at least `min` and at most `max` people who meet its requirements."""

    id: str
    min: int
    max: int
    credentials_any: tuple[str, ...] = ()
    skills_all: tuple[str, ...] = ()
    languages_all: tuple[str, ...] = ()
    gender: Gender | None = None


class Shift(_Record, frozen=True):
    id: str
    kind: ShiftKind
    place: str
    start: int
    end: int
    green: bool
    continuity: bool
    positions: tuple[Position, ...]
    parties: tuple[str, ...] = ()


class Assignment(_Record, frozen=True, order=True):
    """One person on one seat: a row of `pinned`, `previous` and of a plan."""

    shift: str
    position: str
    volunteer: str


class Travel(_Record, frozen=True, rename={"origin": "from", "target": "to"}):
    """Minutes that the way from one place to another is known to take, in this direction, instead of the estimate."""

    origin: str
    target: str
    minutes: int


class Cancellation(_Record, frozen=True):
    """The volunteer is away for the whole time of that shift."""

    shift: str
    volunteer: str


class Instance(_Record, frozen=True):
    """One week: who there is, what there is to do, and the rules between them."""

    name: str
    days: int
    rules: Rules
    districts: tuple[District, ...]
    places: tuple[Place, ...]
    volunteers: tuple[Volunteer, ...]
    shifts: tuple[Shift, ...]
    pinned: tuple[Assignment, ...] = ()
    cancelled: tuple[Cancellation, ...] = ()
    previous: tuple[Assignment, ...] = ()
    travel: tuple[Travel, ...] | msgspec.UnsetType = msgspec.UNSET
    """Optional, and not written where there is none: a key of this house besides those of the format."""
    format: Literal["dispatch-instance/1"] = "dispatch-instance/1"


class Vector(NamedTuple):
    """The objective: smaller is better, compared left to right."""

    green_unheld: int
    shortage_unheld: int
    unheld: int
    empty_seats: int
    changes: int
    burden: int


Bounds = tuple[int | None, int | None, int | None, int | None, int | None, int | None]
"""A proven lower bound for each level of the vector, or None where nothing is proven."""


class Plan(_Record, frozen=True):
    """The assignments of a week. What a solver says of its own plan is optional and never trusted."""

    instance: str
    assignments: tuple[Assignment, ...]
    vector: tuple[int, ...] | None = None
    bounds: Bounds | None = None
    status: str | None = None
    seconds: float | None = None
    format: Literal["dispatch-plan/1"] = "dispatch-plan/1"


class InstanceFaults(ValueError):
    """The instance (or plan) cannot be used; `faults` names everything that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def distance(volunteer: Volunteer, place: Place) -> int:
    """Metres from the volunteer's home to the place."""
    return abs(volunteer.x - place.x) + abs(volunteer.y - place.y)


Ways = Mapping[tuple[str, str], int]
"""Minutes from one place's id to another's, where they are known."""


def known_ways(instance: Instance) -> dict[tuple[str, str], int]:
    """The travel times that the instance states."""
    return {(way.origin, way.target): way.minutes for way in instance.travel or ()}


def travel_minutes(rules: Rules, a: Place, b: Place, known: Ways = MappingProxyType({})) -> int:
    """Minutes from one place to another: as known, or estimated and rounded up; nothing at the same place."""
    if a.id == b.id:
        return 0
    metres = abs(a.x - b.x) + abs(a.y - b.y)
    return known.get((a.id, b.id), rules.travel_setup_min + -(-metres // rules.travel_speed_m_per_min))


def overlap(a: Shift, b: Shift) -> bool:
    """Whether two shifts share a minute."""
    return a.start < b.end and b.start < a.end
