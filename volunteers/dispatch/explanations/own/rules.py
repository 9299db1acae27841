"""What made a plan send somebody to a shift: the facts beside each other, others in numbers only."""

from dataclasses import dataclass

from volunteers.dispatch.engine.counterplan import Burden, added
from volunteers.dispatch.engine.instance import Position, Shift, Volunteer, distance
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.input.shifts import KEPT_DAY

ENOUGH_OTHERS = 5
"""With fewer others a comparison would tell of one of them."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the plan sends a person there.

    ``preferred`` and ``familiar`` are None where nothing is asked; on a ``kept_day`` the station keeps the weekday for
    those who are familiar. ``able``: how many others rules 1-5 and 11 allow on
    the seat; ``stand_ins``: how many of them could come on top of what they do; ``busier``: how many of them had been
    sent more often in the last weeks, None if they are too few to say so; ``instead``: how much heavier the plan would
    be with the best of those who could come on top, part by part, None if nobody could.
    """

    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]
    languages_all: tuple[str, ...]
    green: bool
    shortage: bool
    metres: int
    max_metres: int
    preferred: bool | None
    familiar: bool | None
    kept_day: bool
    recent_shifts: int
    able: int
    stand_ins: int
    busier: int | None
    instead: Burden | None


def reasons(staffing: Staffing, volunteer: Volunteer, shift: Shift, position: Position) -> Reasons:
    """Return why somebody is on a seat of a plan."""
    directory, instance = staffing.directory, staffing.instance
    place = directory.places[shift.place]
    others = [
        other
        for other in instance.volunteers
        if other.id != volunteer.id and directory.refusal(other, shift, position) is None
    ]
    stand_ins = [other for other in others if staffing.fits(other, shift)]
    mine = added(staffing, volunteer, shift)
    heavier = [added(staffing, other, shift).beyond(mine) for other in stand_ins]
    return Reasons(
        credentials_any=position.credentials_any,
        skills_all=tuple(skill for skill in position.skills_all if ":" not in skill),
        languages_all=position.languages_all,
        green=shift.green,
        shortage=place.shortage,
        metres=distance(volunteer, place),
        max_metres=volunteer.max_travel_m,
        preferred=shift.kind in volunteer.preferred_kinds if volunteer.preferred_kinds else None,
        familiar=shift.place in volunteer.familiar_places if shift.continuity else None,
        kept_day=KEPT_DAY in shift.place,
        recent_shifts=volunteer.recent_shifts,
        able=len(others),
        stand_ins=len(stand_ins),
        busier=sum(other.recent_shifts > volunteer.recent_shifts for other in others)
        if len(others) >= ENOUGH_OTHERS
        else None,
        instead=min(heavier, key=lambda parts: parts.total, default=None),
    )
