"""The week as it would be: shifts on another day, people more, longer ways."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Assignment,
    Credential,
    Gender,
    Instance,
    Plan,
    Shift,
    Volunteer,
)
from volunteers.dispatch.input.shifts import minute
from volunteers.dispatch.scenarios.rules import DAY_BEGINS, DAY_ENDS, MOST_KM, NEWCOMER, UNCHANGED, Levers

SPEAKS = ("putonghua",)
MOST_MINUTES = 8 * 60
METRES = 1000


def with_places_short(instance: Instance, shifts: Collection[str]) -> Instance:
    """Return the week with the places of some shifts short of lawyers: right after the green channel, before the rest.

    Before and after are compared by the same measure: the red places come first in both.
    """
    short = {shift.place for shift in instance.shifts if shift.id in shifts}
    places = tuple(replace(place, shortage=place.shortage or place.id in short) for place in instance.places)
    return replace(instance, places=places)


def changed(
    instance: Instance,
    before: Plan,
    levers: Levers,
    homes: Sequence[tuple[int, int]],
    moved: Mapping[str, tuple[datetime, datetime]],
    begins: datetime,
) -> Instance:
    """Return the week as it would be; what was planned before is kept as far as it goes."""
    shifts = tuple(_moved(shift, moved[shift.id], begins) if shift.id in moved else shift for shift in instance.shifts)
    people = [
        replace(one, max_travel_m=one.max_travel_m + levers.radius_km * METRES) if levers.radius_km else one
        for one in instance.volunteers
    ]
    people += [_newcomer(number, levers, home, instance.days) for number, home in enumerate(homes, start=1)]
    kept = tuple(Assignment(row.shift, row.position, row.volunteer) for row in before.assignments)
    reweighed = weighted(instance, levers).rules
    return replace(instance, rules=reweighed, shifts=shifts, volunteers=tuple(people), previous=kept)


def weighted(instance: Instance, levers: Levers) -> Instance:
    """Return the week in which one burden counts more or less."""
    if levers.weight is None:
        return instance
    weights = instance.rules.weights
    name = levers.weight.value
    counted = replace(weights, **{name: getattr(weights, name) * levers.percent // UNCHANGED})
    return replace(instance, rules=replace(instance.rules, weights=counted))


def is_newcomer(volunteer: str) -> bool:
    """Tell whether somebody does not exist yet."""
    return volunteer.startswith(NEWCOMER)


def _moved(shift: Shift, times: tuple[datetime, datetime], begins: datetime) -> Shift:
    return replace(shift, start=minute(times[0], begins), end=minute(times[1], begins))


def _newcomer(number: int, levers: Levers, home: tuple[int, int], days: int) -> Volunteer:
    """Return somebody stationed at a place who is free in office hours and goes wherever they are sent."""
    weekdays = range(days) if levers.weekday is None else (levers.weekday,)
    return Volunteer(
        id=f"{NEWCOMER}{number}",
        x=home[0],
        y=home[1],
        gender=Gender.FEMALE,
        credentials=(Credential(levers.credential, verified=True),),
        skills=(),
        languages=SPEAKS,
        available=tuple((day * MINUTES_PER_DAY + DAY_BEGINS, day * MINUTES_PER_DAY + DAY_ENDS) for day in weekdays),
        max_minutes_day=MOST_MINUTES,
        max_minutes_week=MOST_MINUTES * 5,
        max_shifts_week=50,
        max_travel_m=MOST_KM * METRES,
    )
