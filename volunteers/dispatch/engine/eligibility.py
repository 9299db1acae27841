"""Rules 1-5 and 11 for one person and one seat, read straight from the README: may this person be sent there at all?

`pairs` answers the same question for everybody at once; a test holds the two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Instance,
    Place,
    Position,
    Shift,
    Volunteer,
    Ways,
    distance,
    known_ways,
    overlap,
)


class Refusal(StrEnum):
    """Why a person is not on a seat. The first seven concern person and seat alone, the rest the plan around them."""

    CREDENTIAL = "credential"
    SKILL = "skill"
    LANGUAGE = "language"
    GENDER = "gender"
    AVAILABILITY = "availability"
    DISTANCE = "distance"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"
    DAY_LIMIT = "day_limit"
    WEEK_LIMIT = "week_limit"
    SHIFT_LIMIT = "shift_limit"
    SHIFT_NOT_HELD = "shift_not_held"
    SEATS_TAKEN = "seats_taken"
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True)
class Directory:
    """The instance's records by id."""

    places: Mapping[str, Place]
    volunteers: Mapping[str, Volunteer]
    shifts: Mapping[str, Shift]
    positions: Mapping[tuple[str, str], Position]
    cancelled: Mapping[str, tuple[Shift, ...]]
    ways: Ways

    @classmethod
    def of(cls, instance: Instance) -> Directory:
        """Index a valid instance; `cancelled` maps a volunteer to the shifts they called off."""
        shifts = {shift.id: shift for shift in instance.shifts}
        away: dict[str, list[Shift]] = defaultdict(list)
        for row in instance.cancelled:
            away[row.volunteer].append(shifts[row.shift])
        return cls(
            places={place.id: place for place in instance.places},
            volunteers={volunteer.id: volunteer for volunteer in instance.volunteers},
            shifts=shifts,
            positions={(s.id, p.id): p for s in instance.shifts for p in s.positions},
            cancelled={volunteer: tuple(called_off) for volunteer, called_off in away.items()},
            ways=known_ways(instance),
        )

    def refusal(self, volunteer: Volunteer, shift: Shift, position: Position) -> Refusal | None:
        """The first of rules 2, 3, 1, 5, 4 and 11 that keeps the person from the seat, None if none does."""
        return qualification_refusal(volunteer, shift, position) or self.circumstance_refusal(volunteer, shift)

    def circumstance_refusal(self, volunteer: Volunteer, shift: Shift) -> Refusal | None:
        """The first of rules 1, 5, 4 and 11 that keeps the person from the shift, whatever the seat."""
        if not _is_available(volunteer, shift):
            return Refusal.AVAILABILITY
        if distance(volunteer, self.places[shift.place]) > volunteer.max_travel_m:
            return Refusal.DISTANCE
        if set(shift.parties) & set(volunteer.conflict_parties):
            return Refusal.CONFLICT_OF_INTEREST
        if self.is_away(volunteer.id, shift):
            return Refusal.CANCELLED
        return None

    def is_away(self, volunteer: str, shift: Shift) -> bool:
        """Rule 11: a cancelled shift takes the volunteer away from everything that overlaps it."""
        return any(overlap(shift, called_off) for called_off in self.cancelled.get(volunteer, ()))


def qualification_refusal(volunteer: Volunteer, shift: Shift, position: Position) -> Refusal | None:
    """Rules 2 and 3; of the shift only the day it ends matters."""
    if position.credentials_any and not _holds_credential(volunteer, shift, position):
        return Refusal.CREDENTIAL
    if not set(position.skills_all) <= set(volunteer.skills):
        return Refusal.SKILL
    if not set(position.languages_all) <= set(volunteer.languages):
        return Refusal.LANGUAGE
    if position.gender is not None and position.gender != volunteer.gender:
        return Refusal.GENDER
    return None


def _holds_credential(volunteer: Volunteer, shift: Shift, position: Position) -> bool:
    last_day = shift.end // MINUTES_PER_DAY
    return any(
        held.type in position.credentials_any and held.verified and (held.expires is None or held.expires >= last_day)
        for held in volunteer.credentials
    )


def _is_available(volunteer: Volunteer, shift: Shift) -> bool:
    return any(start <= shift.start and shift.end <= end for start, end in volunteer.available)
