"""What would become of a plan if one person stood on one seat of it: the best exchange around them, and its price.

The plan is changed as little as the rules ask for: they give up what they cannot do beside it, somebody makes room if
the seat is taken, and what comes free is given to whoever could come on top. The vector says what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from volunteers.dispatch.engine.check import is_held, measure
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan, Position, Shift, Vector, Volunteer, distance
from volunteers.dispatch.engine.staffing import Staffing


@dataclass(frozen=True)
class Burden:
    """The four parts of the burden; their sum is the vector's last level."""

    fairness: int
    preference: int
    km: int
    continuity: int

    @property
    def total(self) -> int:
        """The last level of the vector."""
        return self.fairness + self.preference + self.km + self.continuity

    def beyond(self, other: Burden) -> Burden:
        """What each part is heavier than another's."""
        return Burden(
            self.fairness - other.fairness,
            self.preference - other.preference,
            self.km - other.km,
            self.continuity - other.continuity,
        )


@dataclass(frozen=True)
class Exchange:
    """The plan with the person there. `gives_up` are shifts of theirs, `replaces` whether somebody else made room,
    `lost` shifts that were held and no longer are."""

    plan: Plan
    before: Vector
    after: Vector
    gives_up: tuple[str, ...]
    replaces: bool
    lost: tuple[str, ...]
    dearer: Burden

    @property
    def level(self) -> int | None:
        """The first level of the vector that gets worse before any gets better; None if it gets no worse at all."""
        for number, (before, after) in enumerate(zip(self.before, self.after, strict=True)):
            if before != after:
                return number if after > before else None
        return None


def exchange(staffing: Staffing, volunteer: Volunteer, shift: Shift, position: Position) -> Exchange | None:
    """The best plan with the person on the seat of a valid plan; None if no exchange around them keeps the rules.

    They must be allowed there by rules 1-5 and 11, and beside what they signed up for by 6 and 7.
    """
    before = measure(staffing.instance, staffing.directory, staffing.rows)
    found = list(_trials(staffing, volunteer, shift, position))
    if not found:
        return None
    measured = [(measure(staffing.instance, staffing.directory, rows), number) for number, rows in enumerate(found)]
    after, number = min(measured)
    return _described(staffing, volunteer, (shift, position), found[number], before, after)


def burden(instance: Instance, directory: Directory, rows: Sequence[Assignment]) -> Burden:
    """The parts of the burden of some rows, as the README states them."""
    weights = instance.rules.weights
    preference = km = continuity = fairness = 0
    sent: dict[str, int] = {}
    for row in rows:
        volunteer, shift = directory.volunteers[row.volunteer], directory.shifts[row.shift]
        preference += weights.preference * (
            bool(volunteer.preferred_kinds) and shift.kind not in volunteer.preferred_kinds
        )
        km += weights.km * (distance(volunteer, directory.places[shift.place]) // 1000)
        continuity += weights.continuity * (shift.continuity and shift.place not in volunteer.familiar_places)
        sent[row.volunteer] = sent.get(row.volunteer, 0) + 1
    for name, number in sent.items():
        recent = directory.volunteers[name].recent_shifts
        fairness += weights.fairness * ((recent + number) ** 2 - recent**2)
    return Burden(fairness, preference, km, continuity)


def added(staffing: Staffing, volunteer: Volunteer, shift: Shift) -> Burden:
    """What the shift adds to the burden if they do it beside their other shifts of the plan."""
    others = [row for row in staffing.rows if row.volunteer == volunteer.id and row.shift != shift.id]
    with_it = [*others, Assignment(shift.id, "", volunteer.id)]
    before, after = (burden(staffing.instance, staffing.directory, rows) for rows in (others, with_it))
    return after.beyond(before)


def _trials(staffing: Staffing, volunteer: Volunteer, shift: Shift, position: Position) -> Iterator[list[Assignment]]:
    """Valid plans with the person there: for each way to make the time and each way to make the room."""
    there = Assignment(shift.id, position.id, volunteer.id)
    for given_up in _ways_to_make_time(staffing, volunteer, shift):
        for leaver in _ways_to_make_room(staffing, shift, position):
            gone = [row for row in staffing.rows if row.volunteer == volunteer.id and row.shift in given_up]
            gone += [leaver] if leaver else []
            rows = [*(row for row in staffing.rows if row not in gone), there]
            completed = _completed(staffing, rows, shift, [row for row in gone if row.shift != shift.id])
            if completed is not None:
                yield completed


def _ways_to_make_time(staffing: Staffing, volunteer: Volunteer, shift: Shift) -> list[tuple[str, ...]]:
    """The smallest sets of their planned shifts whose end lets them do this one; never what they signed up for."""
    chosen = {row.shift for row in staffing.instance.pinned if row.volunteer == volunteer.id}
    others = [other.id for other in staffing.theirs(volunteer.id) if other.id not in chosen]
    for size in range(len(others) + 1):
        ways = [way for way in combinations(others, size) if staffing.fits(volunteer, shift, way)]
        if ways:
            return ways
    return []


def _ways_to_make_room(staffing: Staffing, shift: Shift, position: Position) -> list[Assignment | None]:
    """Nobody, or each of those on the seat who did not sign up for it themselves."""
    if staffing.open_seats(shift, position) > 0:
        return [None]
    chosen = set(staffing.instance.pinned)
    seated = sorted(staffing.seated[shift.id, position.id])
    return [row for who in seated if (row := Assignment(shift.id, position.id, who)) not in chosen]


def _completed(
    staffing: Staffing, rows: list[Assignment], shift: Shift, free: Sequence[Assignment]
) -> list[Assignment] | None:
    """Complete the shift if it lacks others, give what came free to whoever is there, send home whom nobody awaits."""
    directory, instance = staffing.directory, staffing.instance
    joining, left = Staffing(instance, rows, directory).completion(shift)
    if left:
        return None
    rows = [*rows, *joining]
    for seat in free:
        now = Staffing(instance, rows, directory)
        where, what = directory.shifts[seat.shift], directory.positions[seat.shift, seat.position]
        takers = [v for v in instance.volunteers if v.id != seat.volunteer and now.may_take(v, where, what)]
        if takers:
            best = min(takers, key=lambda v: (added(now, v, where).total, v.id))
            rows.append(Assignment(seat.shift, seat.position, best.id))
    return _without_vain(staffing, rows, {row.shift for row in free})


def _without_vain(staffing: Staffing, rows: list[Assignment], touched: set[str]) -> list[Assignment]:
    """Rule 9: nobody but who signed up stays on a shift that is no longer held."""
    seated = Staffing(staffing.instance, rows, staffing.directory).seated
    vain = {name for name in touched if not is_held(staffing.directory.shifts[name], seated)}
    chosen = set(staffing.instance.pinned)
    return [row for row in rows if row.shift not in vain or row in chosen]


def _described(
    staffing: Staffing,
    volunteer: Volunteer,
    seat: tuple[Shift, Position],
    rows: list[Assignment],
    before: Vector,
    after: Vector,
) -> Exchange:
    directory, instance = staffing.directory, staffing.instance
    now = Staffing(instance, rows, directory)
    kept = {row.shift for row in rows if row.volunteer == volunteer.id}
    lost = [other.id for other in instance.shifts if is_held(other, staffing.seated) and not is_held(other, now.seated)]
    old, new = (burden(instance, directory, some) for some in (staffing.rows, rows))
    return Exchange(
        plan=Plan(instance.name, tuple(rows)),
        before=before,
        after=after,
        gives_up=tuple(other.id for other in staffing.theirs(volunteer.id) if other.id not in kept),
        replaces=staffing.open_seats(*seat) <= 0,
        lost=tuple(lost),
        dearer=new.beyond(old),
    )
