"""The week as it would be without one of its limits: what a rule costs is what a plan of that week is better by.

Credentials and recusals stand in the law and are never relaxed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec.structs import replace

from volunteers.dispatch.engine.instance import Instance, Volunteer


class Relaxation(StrEnum):
    """Which limit is looser, in the order in which they are tried; the first changes nothing, to compare with."""

    NOTHING = "nothing"
    REACH = "reach"
    FREE_TIME = "free_time"
    WEEK_LIMIT = "week_limit"
    DAY_LIMIT = "day_limit"
    SHIFT_LIMIT = "shift_limit"
    REST = "rest"
    ABSENCE = "absence"
    PREFERENCE = "preference"


AMOUNTS: Mapping[Relaxation, int] = {
    Relaxation.NOTHING: 0,
    Relaxation.REACH: 5_000,
    Relaxation.FREE_TIME: 60,
    Relaxation.WEEK_LIMIT: 120,
    Relaxation.DAY_LIMIT: 60,
    Relaxation.SHIFT_LIMIT: 1,
    Relaxation.REST: 60,
    Relaxation.ABSENCE: 0,
    Relaxation.PREFERENCE: 0,
}
"""By how much: metres, minutes before and after, minutes, minutes, shifts, minutes."""


def relax(instance: Instance, relaxation: Relaxation) -> Instance:
    """The instance with one limit looser for everybody; every plan of the instance is a plan of it."""
    rules, amount = instance.rules, AMOUNTS[relaxation]
    match relaxation:
        case Relaxation.NOTHING:
            return instance
        case Relaxation.REST:
            return replace(instance, rules=replace(rules, min_rest_minutes=max(0, rules.min_rest_minutes - amount)))
        case Relaxation.ABSENCE:
            seated = {row.volunteer for row in instance.pinned}
            return replace(instance, cancelled=tuple(c for c in instance.cancelled if c.volunteer in seated))
        case Relaxation.PREFERENCE:
            return replace(instance, rules=replace(rules, weights=replace(rules.weights, preference=0)))
        case _:
            loosen = _LOOSEN[relaxation]
            return replace(instance, volunteers=tuple(loosen(v, amount) for v in instance.volunteers))


def _longer(volunteer: Volunteer, minutes: int) -> Volunteer:
    windows = tuple((start - minutes, end + minutes) for start, end in volunteer.available)
    return replace(volunteer, available=windows)


_LOOSEN: Mapping[Relaxation, Callable[[Volunteer, int], Volunteer]] = {
    Relaxation.REACH: lambda v, metres: replace(v, max_travel_m=v.max_travel_m + metres),
    Relaxation.FREE_TIME: _longer,
    Relaxation.WEEK_LIMIT: lambda v, minutes: replace(v, max_minutes_week=v.max_minutes_week + minutes),
    Relaxation.DAY_LIMIT: lambda v, minutes: replace(v, max_minutes_day=v.max_minutes_day + minutes),
    Relaxation.SHIFT_LIMIT: lambda v, shifts: replace(v, max_shifts_week=v.max_shifts_week + shifts),
}
