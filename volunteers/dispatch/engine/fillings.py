"""What would fill an empty seat: the smallest single relaxation of each kind, each tried and judged by `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.eligibility import qualification_refusal
from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Assignment,
    Credential,
    Gender,
    Instance,
    Plan,
    Position,
    Shift,
    Vector,
    Volunteer,
    distance,
)
from volunteers.dispatch.engine.moments import moments
from volunteers.dispatch.engine.staffing import Staffing

METRES_PER_STEP = 1000
FARTHEST_METRES = 30_000
"""Nobody is asked to travel more than this beyond what they said."""
NEWCOMER = "newcomer"
_TRIALS = 4
"""How many of the nearest times are tried for the whole shift."""


class FillingKind(StrEnum):
    """What would be different: one more person, one person's limit, or when the shift takes place."""

    PERSON = "person"
    REACH = "reach"
    FREE_TIME = "free_time"
    WEEK_LIMIT = "week_limit"
    DAY_LIMIT = "day_limit"
    SHIFT_LIMIT = "shift_limit"
    MOVED = "moved"


@dataclass(frozen=True)
class Filling:
    """One relaxation that fills the seat: people, metres, minutes or shifts more; minutes later (or earlier) if moved.

    `volunteer` is whose limit it is, for the engine alone: nobody is told who. `vector` is the plan's with it, `plan`
    the plan itself, `joining` how many others would come along so that the shift is held.
    """

    kind: FillingKind
    amount: int
    volunteer: str
    vector: Vector
    plan: Plan
    joining: int


@dataclass(frozen=True)
class Fillings:
    """All that would fill a seat, and the other positions of its shift for which nobody is left either."""

    fillings: tuple[Filling, ...]
    blocked_by: tuple[str, ...]


def fillings(staffing: Staffing, shift: Shift, position: Position) -> Fillings:
    """The smallest relaxation of each kind that fills a seat of a valid plan; KeyError for unknown ids."""
    before = check(staffing.instance, Plan(staffing.instance.name, tuple(staffing.rows))).vector
    trial = _Trial(staffing, shift, position, before)
    found = [*trial.newcomers(), *trial.limits(), *trial.moved()]
    _, left = staffing.completion(shift)
    others = tuple(dict.fromkeys(p.id for p in left if p.id != position.id))
    return Fillings(tuple(found), () if found else others)


def relaxed(instance: Instance, shift: Shift, position: Position, filling: Filling) -> Instance:
    """The instance with what the filling supposes."""
    match filling.kind:
        case FillingKind.PERSON:
            return _with_newcomers(instance, shift, position, filling.amount)
        case FillingKind.MOVED:
            return _moved(instance, shift, filling.amount)
        case _:
            people = (
                _widened(v, shift, filling.kind, filling.amount) if v.id == filling.volunteer else v
                for v in instance.volunteers
            )
            return replace(instance, volunteers=tuple(people))


@dataclass(frozen=True)
class _Trial:
    staffing: Staffing
    shift: Shift
    position: Position
    before: Vector

    def newcomers(self) -> Iterator[Filling]:
        """One more qualified person, or as many as the position lacks."""
        seats = sum(p.id == self.position.id for p in self.staffing.lacking(self.shift)) or 1
        filling = self._tried(FillingKind.PERSON, seats, NEWCOMER)
        if filling is not None:
            yield filling

    def limits(self) -> Iterator[Filling]:
        """For each kind of limit the person who lacks least of it, and nothing else."""
        near: dict[FillingKind, list[tuple[int, str]]] = {}
        for volunteer in self.staffing.instance.volunteers:
            for kind, amount in self._only_obstacle(volunteer):
                near.setdefault(kind, []).append((amount, volunteer.id))
        for kind in FillingKind:
            for amount, who in sorted(near.get(kind, []))[:_TRIALS]:
                filling = self._tried(kind, amount, who)
                if filling is not None:
                    yield filling
                    break

    def moved(self) -> Iterator[Filling]:
        """The nearest other time of the week at which somebody could come on top."""
        for later in moments(self.staffing, self.shift, self.position, _TRIALS):
            filling = self._tried(FillingKind.MOVED, later, "")
            if filling is not None:
                yield filling
                return

    def _only_obstacle(self, volunteer: Volunteer) -> list[tuple[FillingKind, int]]:
        """What the person lacks for the seat if it is one thing; nothing if nothing or more is in the way."""
        staffing, shift = self.staffing, self.shift
        if staffing.is_on(volunteer.id, shift) or qualification_refusal(volunteer, shift, self.position) is not None:
            return []
        if set(shift.parties) & set(volunteer.conflict_parties) or staffing.directory.is_away(volunteer.id, shift):
            return []
        if staffing.clashing(volunteer.id, shift):
            return []
        beyond = distance(volunteer, staffing.directory.places[shift.place]) - volunteer.max_travel_m
        lacks = {
            FillingKind.REACH: -(-beyond // METRES_PER_STEP) * METRES_PER_STEP,
            FillingKind.FREE_TIME: _time_missing(volunteer, shift),
            **_over(volunteer, [*staffing.theirs(volunteer.id), shift]),
        }
        obstacles = [(kind, amount) for kind, amount in lacks.items() if amount > 0]
        return obstacles if len(obstacles) == 1 and lacks[FillingKind.REACH] <= FARTHEST_METRES else []

    def _tried(self, kind: FillingKind, amount: int, volunteer: str) -> Filling | None:
        """Put the person there under the relaxed rule, complete the shift if it needs others, and let `check` judge."""
        staffing, shift, position = self.staffing, self.shift, self.position
        supposed = Filling(kind, amount, volunteer, self.before, Plan(staffing.instance.name, ()), 0)
        instance = relaxed(staffing.instance, shift, position, supposed)
        there = next(s for s in instance.shifts if s.id == shift.id)
        rows = [*staffing.rows, *self._arrivals(instance, there, supposed)]
        joining, _ = Staffing(instance, rows).completion(there)
        plan = Plan(instance.name, (*rows, *joining))
        vector = self._judged(instance, plan)
        if vector is None or vector.empty_seats >= self.before.empty_seats:
            return None
        return Filling(kind, amount, volunteer, vector, plan, len(joining))

    def _judged(self, instance: Instance, plan: Plan) -> Vector | None:
        """The vector of a plan that differs on this shift alone, by `check`; None if it breaks a rule.

        Whoever is or comes there, all their shifts and everybody on these are held against the rules. All else is as it
        was: nothing there can break, and it counts the same before and after.
        """
        if (
            instance.previous
        ):  # a looser rule may allow a row of the plan before again, wherever it is: that is a change
            result = check(instance, plan)
            return result.vector if result.valid else None
        there = {row.volunteer for row in plan.assignments if row.shift == self.shift.id}
        names = {self.shift.id} | {row.shift for row in plan.assignments if row.volunteer in there}
        names |= {one.shift for one in instance.cancelled if one.volunteer in there}
        before = check(*_part(self.staffing.instance, self.staffing.rows, names))
        after = check(*_part(instance, plan.assignments, names))
        if not after.valid:
            return None
        changed = zip(self.before, before.vector, after.vector, strict=True)
        return Vector(*(whole + then - now for whole, now, then in changed))

    def _arrivals(self, instance: Instance, shift: Shift, filling: Filling) -> list[Assignment]:
        if filling.kind is FillingKind.PERSON:
            names = [volunteer.id for volunteer in instance.volunteers[len(self.staffing.instance.volunteers) :]]
        elif filling.kind is FillingKind.MOVED:
            moved = Staffing(instance, self.staffing.rows)
            names = [v.id for v in instance.volunteers if moved.may_take(v, shift, self.position)][:1]
        else:
            names = [filling.volunteer]
        return [Assignment(shift.id, self.position.id, name) for name in names]


def _part(instance: Instance, rows: Iterable[Assignment], names: Set[str]) -> tuple[Instance, Plan]:
    """The week and the plan as far as they are about some shifts and the people on them."""
    kept = tuple(row for row in rows if row.shift in names)
    people = {row.volunteer for row in kept}
    part = replace(
        instance,
        shifts=tuple(shift for shift in instance.shifts if shift.id in names),
        volunteers=tuple(volunteer for volunteer in instance.volunteers if volunteer.id in people),
        pinned=tuple(row for row in instance.pinned if row.shift in names and row.volunteer in people),
        cancelled=tuple(one for one in instance.cancelled if one.shift in names and one.volunteer in people),
        previous=tuple(row for row in instance.previous if row.shift in names and row.volunteer in people),
    )
    return part, Plan(instance.name, kept)


def _time_missing(volunteer: Volunteer, shift: Shift) -> int:
    """Minutes of the shift at which the person has not said that they are free."""
    said = sum(max(0, min(shift.end, end) - max(shift.start, start)) for start, end in volunteer.available)
    inside = any(start <= shift.start and shift.end <= end for start, end in volunteer.available)
    return 0 if inside else max(1, shift.end - shift.start - said)


def _over(volunteer: Volunteer, shifts: list[Shift]) -> dict[FillingKind, int]:
    """By how much the shifts exceed each limit of rule 7."""
    days: dict[int, int] = {}
    for shift in shifts:
        day = shift.start // MINUTES_PER_DAY
        days[day] = days.get(day, 0) + shift.end - shift.start
    return {
        FillingKind.DAY_LIMIT: max(days.values()) - volunteer.max_minutes_day,
        FillingKind.WEEK_LIMIT: sum(days.values()) - volunteer.max_minutes_week,
        FillingKind.SHIFT_LIMIT: len(shifts) - volunteer.max_shifts_week,
    }


def _widened(volunteer: Volunteer, shift: Shift, kind: FillingKind, amount: int) -> Volunteer:
    match kind:
        case FillingKind.REACH:
            return replace(volunteer, max_travel_m=volunteer.max_travel_m + amount)
        case FillingKind.FREE_TIME:
            return replace(volunteer, available=(*volunteer.available, (shift.start, shift.end)))
        case FillingKind.WEEK_LIMIT:
            return replace(volunteer, max_minutes_week=volunteer.max_minutes_week + amount)
        case FillingKind.DAY_LIMIT:
            return replace(volunteer, max_minutes_day=volunteer.max_minutes_day + amount)
        case _:
            return replace(volunteer, max_shifts_week=volunteer.max_shifts_week + amount)


def _with_newcomers(instance: Instance, shift: Shift, position: Position, number: int) -> Instance:
    """The instance with people at home at the shift's place who meet the position's requirements and are free then."""
    place = next(place for place in instance.places if place.id == shift.place)
    credentials = tuple(Credential(kind, verified=True) for kind in position.credentials_any)
    newcomer = Volunteer(
        id=NEWCOMER,
        x=place.x,
        y=place.y,
        gender=position.gender or Gender.FEMALE,
        credentials=credentials,
        skills=position.skills_all,
        languages=position.languages_all,
        available=((shift.start, shift.end),),
        max_minutes_day=shift.end - shift.start,
        max_minutes_week=shift.end - shift.start,
        max_shifts_week=1,
        max_travel_m=0,
    )
    people = (replace(newcomer, id=f"{NEWCOMER}:{place}") for place in range(number))
    return replace(instance, volunteers=(*instance.volunteers, *people))


def _moved(instance: Instance, shift: Shift, later: int) -> Instance:
    there = replace(shift, start=shift.start + later, end=shift.end + later)
    return replace(instance, shifts=tuple(there if one.id == shift.id else one for one in instance.shifts))
