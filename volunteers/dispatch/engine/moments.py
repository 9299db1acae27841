"""At which other time of the week somebody could come: the nearest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from volunteers.dispatch.engine.eligibility import qualification_refusal
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Position, Shift, distance
from volunteers.dispatch.engine.staffing import Staffing

GRID_MINUTES = 30
EARLIEST, LATEST = 480, 1260
"""Minutes of the day between which a shift is moved: 8:00 to 21:00."""


def moments(staffing: Staffing, shift: Shift, position: Position, most: int) -> list[int]:
    """By how many minutes the shift would have to be later (earlier if negative) for somebody to take the seat on top.

    Nobody else of the shift is asked: whether they could come then as well is for `check` to say.
    """
    place, on_monday = staffing.directory.places[shift.place], replace(shift, start=0, end=0)
    people = [
        v
        for v in staffing.instance.volunteers
        if distance(v, place) <= v.max_travel_m and qualification_refusal(v, on_monday, position) is None
    ]
    found = (
        later
        for later in sorted(_shifts_in_time(shift, staffing.instance.days), key=lambda later: (abs(later), later))
        if any(staffing.may_take(v, there, position) for v in people for there in (_later(shift, later),))
    )
    return list(islice(found, most))


def _shifts_in_time(shift: Shift, days: int) -> Iterator[int]:
    length = shift.end - shift.start
    for day in range(days):
        for minute in range(EARLIEST, LATEST - length + 1, GRID_MINUTES):
            later = day * MINUTES_PER_DAY + minute - shift.start
            if later:
                yield later


def _later(shift: Shift, later: int) -> Shift:
    return replace(shift, start=shift.start + later, end=shift.end + later)
