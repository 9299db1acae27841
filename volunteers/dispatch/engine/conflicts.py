"""Rules 6 and 7 for the shifts of one person, read straight from the README."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from volunteers.dispatch.engine.eligibility import Directory, Refusal
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Rules, Shift, Volunteer, travel_minutes


def clash(rules: Rules, directory: Directory, one: Shift, other: Shift) -> bool:
    """Rule 6: whether nobody can do both shifts (the same shift twice included)."""
    if one.id == other.id:
        return True
    first, second = sorted((one, other), key=lambda shift: (shift.start, shift.id))
    gap = second.start - first.end
    way = directory.places[first.place], directory.places[second.place]
    if gap < travel_minutes(rules, *way, directory.ways):
        return True
    next_day = first.start // MINUTES_PER_DAY != second.start // MINUTES_PER_DAY
    return next_day and gap < rules.min_rest_minutes


def exceeded_limits(volunteer: Volunteer, shifts: Iterable[Shift]) -> list[Refusal]:
    """Rule 7: the limits that this set of shifts would break for the volunteer."""
    shifts = list(shifts)
    per_day: dict[int, int] = defaultdict(int)
    for shift in shifts:
        per_day[shift.start // MINUTES_PER_DAY] += shift.end - shift.start
    exceeded = []
    if any(minutes > volunteer.max_minutes_day for minutes in per_day.values()):
        exceeded.append(Refusal.DAY_LIMIT)
    if sum(per_day.values()) > volunteer.max_minutes_week:
        exceeded.append(Refusal.WEEK_LIMIT)
    if len(shifts) > volunteer.max_shifts_week:
        exceeded.append(Refusal.SHIFT_LIMIT)
    return exceeded
