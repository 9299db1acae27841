"""Everything that can be wrong with an instance, each fault named in one sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Assignment,
    Cancellation,
    Instance,
    Shift,
    Volunteer,
)

_VOLUNTEER_AMOUNTS = (
    "max_minutes_day",
    "max_minutes_week",
    "max_shifts_week",
    "max_travel_m",
    "recent_shifts",
)


def faults_of(instance: Instance) -> list[str]:
    """All faults of the instance; pinned rows are held against the rules once everything else is sound."""
    faults = [
        *_faults_of_rules(instance),
        *_duplicates(instance),
        *_faults_of_travel(instance),
        *_unknown_ids(instance),
        *(fault for volunteer in instance.volunteers for fault in _faults_of_volunteer(volunteer)),
        *(fault for shift in instance.shifts for fault in _faults_of_shift(shift, instance.days)),
    ]
    return faults or list(_faults_of_pins(instance))


def _faults_of_rules(instance: Instance) -> Iterator[str]:
    rules = instance.rules
    if instance.days < 1:
        yield f"days: {instance.days} is not positive"
    if rules.travel_speed_m_per_min < 1:
        yield f"rules: travel_speed_m_per_min {rules.travel_speed_m_per_min} is not positive"
    yield from _negative_amounts("rules", rules, ("travel_setup_min", "min_rest_minutes"))
    yield from _negative_amounts("weights", rules.weights, ("fairness", "preference", "km", "continuity"))


def _negative_amounts(owner: str, record: object, fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        amount = getattr(record, field)
        if amount < 0:
            yield f"{owner}: {field} {amount} is negative"


def _duplicates(instance: Instance) -> Iterator[str]:
    for kind in ("districts", "places", "volunteers", "shifts"):
        for name, times in Counter(row.id for row in getattr(instance, kind)).items():
            if times > 1:
                yield f"{kind}: id {name} stands {times} times"
    for shift in instance.shifts:
        for name, times in Counter(position.id for position in shift.positions).items():
            if times > 1:
                yield f"shift {shift.id}: position {name} stands {times} times"
    for kind in ("pinned", "previous"):
        for (where, who), times in Counter((r.shift, r.volunteer) for r in getattr(instance, kind)).items():
            if times > 1:
                yield f"{kind}: volunteer {who} stands {times} times on shift {where}"


def _faults_of_travel(instance: Instance) -> Iterator[str]:
    for (origin, target), times in Counter((way.origin, way.target) for way in instance.travel or ()).items():
        if times > 1:
            yield f"travel: the way from {origin} to {target} stands {times} times"
        if origin == target:
            yield f"travel: {origin} is both ends of a way"
    for way in instance.travel or ():
        yield from _negative_amounts(f"travel from {way.origin} to {way.target}", way, ("minutes",))


def _unknown_ids(instance: Instance) -> Iterator[str]:
    districts = {district.id for district in instance.districts}
    places = {place.id for place in instance.places}
    for place in instance.places:
        if place.district not in districts:
            yield f"place {place.id}: unknown district {place.district}"
    for shift in instance.shifts:
        if shift.place not in places:
            yield f"shift {shift.id}: unknown place {shift.place}"
    for way in instance.travel or ():
        for end in (way.origin, way.target):
            if end not in places:
                yield f"travel: unknown place {end}"
    yield from _unknown_ids_in_rows(instance)


def _unknown_ids_in_rows(instance: Instance) -> Iterator[str]:
    volunteers = {volunteer.id for volunteer in instance.volunteers}
    positions = {shift.id: {position.id for position in shift.positions} for shift in instance.shifts}
    rows: tuple[tuple[str, tuple[Assignment | Cancellation, ...]], ...] = (
        ("pinned", instance.pinned),
        ("cancelled", instance.cancelled),
        ("previous", instance.previous),
    )
    for kind, members in rows:
        for number, row in enumerate(members):
            if row.volunteer not in volunteers:
                yield f"{kind}[{number}]: unknown volunteer {row.volunteer}"
            if row.shift not in positions:
                yield f"{kind}[{number}]: unknown shift {row.shift}"
            elif isinstance(row, Assignment) and row.position not in positions[row.shift]:
                yield f"{kind}[{number}]: unknown position {row.position} of shift {row.shift}"


def _faults_of_volunteer(volunteer: Volunteer) -> Iterator[str]:
    owner = f"volunteer {volunteer.id}"
    yield from _negative_amounts(owner, volunteer, _VOLUNTEER_AMOUNTS)
    for start, end in volunteer.available:
        if end <= start:
            yield f"{owner}: available window [{start}, {end}] does not end after its start"


def _faults_of_shift(shift: Shift, days: int) -> Iterator[str]:
    owner = f"shift {shift.id}"
    if shift.end <= shift.start:
        yield f"{owner}: end {shift.end} is not after start {shift.start}"
    if not 0 <= shift.start < days * MINUTES_PER_DAY:
        yield f"{owner}: start {shift.start} is outside the week"
    for position in shift.positions:
        if position.min < 0:
            yield f"{owner}: position {position.id} has min {position.min} below 0"
        if position.min > position.max:
            yield f"{owner}: position {position.id} has min {position.min} above max {position.max}"


def _faults_of_pins(instance: Instance) -> Iterator[str]:
    """Rules 1-8 among the pinned rows that no cancellation took away."""
    directory = Directory.of(instance)
    shifts_of: dict[str, list[Shift]] = defaultdict(list)
    seated: Counter[tuple[str, str]] = Counter()
    for number, row in standing_pins(instance, directory):
        volunteer, shift = directory.volunteers[row.volunteer], directory.shifts[row.shift]
        refusal = directory.refusal(volunteer, shift, directory.positions[row.shift, row.position])
        if refusal is not None:
            yield f"pinned[{number}]: volunteer {row.volunteer} may not stand on shift {row.shift}: {refusal}"
        shifts_of[row.volunteer].append(shift)
        seated[row.shift, row.position] += 1
    for name, shifts in shifts_of.items():
        for one, other in combinations(shifts, 2):
            if clash(instance.rules, directory, one, other):
                yield f"pinned: volunteer {name} cannot do both shift {one.id} and shift {other.id}"
        for limit in exceeded_limits(directory.volunteers[name], shifts):
            yield f"pinned: volunteer {name} is over the {limit}"
    for (where, seat), people in seated.items():
        if people > directory.positions[where, seat].max:
            yield f"pinned: {people} people on position {seat} of shift {where}, more than its max"


def standing_pins(instance: Instance, directory: Directory) -> Iterator[tuple[int, Assignment]]:
    """Pinned rows with their number, without those that a cancellation took away (rules 10 and 11)."""
    for number, row in enumerate(instance.pinned):
        if not directory.is_away(row.volunteer, directory.shifts[row.shift]):
            yield number, row
