"""Where people stand already: on the week's shifts, elsewhere, in the plan in force; and what they gave back.

A seat that its person holds by another rule than the plan's (a shift of another district, one that has begun, a
requirement that came later) becomes a shift of its own with nothing to plan: their time, their way and their limits
count, and the instance stays free of contradictions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.core import database
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Cancellation, Instance, Place, Position, Shift, ShiftKind
from volunteers.dispatch.input.shifts import Shifts, minute, place_name, place_of

KEPT, ELSEWHERE = "kept", "elsewhere"
"""What the names of seats begin with that are held and not planned: on a shift of this week, or on another."""

_SEATED = """
SELECT s.assignment_id, s.position_id, s.person_id FROM sign_up s
WHERE s.live AND s.assignment_id = ANY ($1) ORDER BY s.id
"""
_ELSEWHERE = """
SELECT s.id, s.position_id, s.person_id, s.starts, s.ends, a.kind, a.east_m, a.north_m, place.code,
       kept_weekday(a.station_id, a.starts) AS kept_weekday
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN place ON place.id = a.place_id
WHERE s.live AND s.person_id = ANY ($1) AND NOT s.assignment_id = ANY ($2) AND s.starts >= $3 AND s.starts < $4
ORDER BY s.id
"""
_BESIDE = """
SELECT s.person_id, s.starts, s.ends FROM sign_up s
WHERE s.live AND s.person_id = ANY ($1)
  AND (s.starts < $2 AND s.starts > $2 - interval '2 days' OR s.starts >= $3 AND s.starts < $3 + interval '2 days')
ORDER BY s.id
"""
_GIVEN_BACK = """
SELECT DISTINCT s.assignment_id, s.person_id FROM sign_up s
WHERE s.assignment_id = ANY ($1) AND s.person_id = ANY ($2)
  AND s.ended_reason IN ('own_wish', 'offer_expired', 'substituted', 'swapped')
  AND NOT EXISTS (SELECT FROM sign_up o WHERE o.person_id = s.person_id AND o.live
                  AND o.starts < s.ends AND o.ends > s.starts)
ORDER BY s.assignment_id, s.person_id
"""
_PREVIOUS = """
SELECT DISTINCT ON (p.assignment_id, d.person_id) p.assignment_id, d.position_id, d.person_id
FROM dispatch_run r JOIN dispatch_proposal d ON d.run_id = r.id JOIN position p ON p.id = d.position_id
WHERE r.status = 'published' AND r.week_start = $1 AND r.covers && codes_below($2)
  AND d.outcome NOT IN ('refused', 'taken')
  AND p.assignment_id = ANY ($3) AND d.person_id = ANY ($4)
ORDER BY p.assignment_id, d.person_id, d.id
"""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What people of the instance do besides it: shifts with their places and rows, and times around the week."""

    shifts: tuple[Shift, ...]
    places: tuple[Place, ...]
    rows: tuple[Assignment, ...]
    beside: tuple[tuple[int, datetime, datetime], ...]


async def read_seated(shifts: Shifts) -> list[Assignment]:
    """Return the live sign-ups on the week's shifts."""
    return _rows(await database.fetch(_SEATED, shifts.assignment_ids))


async def read_elsewhere(people: Sequence[int], shifts: Shifts, begins: datetime, ends: datetime) -> Elsewhere:
    """Return what else these people are signed up for in the week, and just before and after it."""
    rows = await database.fetch(_ELSEWHERE, people, shifts.assignment_ids, begins, ends)
    beside = await database.fetch(_BESIDE, people, begins, ends)
    made = [
        _held_shift(
            f"{ELSEWHERE}:{row['id']}",
            f"{ELSEWHERE}:{row['position_id']}",
            ShiftKind(row["kind"]),
            place_name(row),
            (minute(row["starts"], begins), minute(row["ends"], begins)),
        )
        for row in rows
    ]
    return Elsewhere(
        shifts=tuple(made),
        places=tuple({place_name(row): place_of(row, short_of_lawyers=False) for row in rows}.values()),
        rows=tuple(
            Assignment(shift.id, shift.positions[0].id, str(row["person_id"]))
            for shift, row in zip(made, rows, strict=True)
        ),
        beside=tuple((row["person_id"], row["starts"], row["ends"]) for row in beside),
    )


async def read_given_back(shifts: Shifts, people: Sequence[int]) -> list[Cancellation]:
    """Return which seats people gave back or left unanswered: nobody is sent there again, nor elsewhere just then."""
    rows = await database.fetch(_GIVEN_BACK, shifts.assignment_ids, people)
    return [Cancellation(str(row["assignment_id"]), str(row["person_id"])) for row in rows]


async def read_previous(place_code: str, week_start: date, shifts: Shifts, people: Sequence[int]) -> list[Assignment]:
    """Return the rows of the plans in force for the place's week."""
    return _rows(await database.fetch(_PREVIOUS, week_start, place_code, shifts.assignment_ids, people))


def rest_around(starts: datetime, ends: datetime, begins: datetime, rest_minutes: int) -> tuple[int, int]:
    """Return when somebody stands nowhere else for what they do the night before the week, or the morning after it."""
    rest = timedelta(minutes=rest_minutes)
    return minute(starts - rest, begins), minute(ends + rest, begins)


def without_contradictions(instance: Instance) -> Instance:
    """Return the instance with each sign-up that the plan's own rules would refuse on a shift of its own."""
    directory = Directory.of(instance)
    misfits = [row for row in instance.pinned if not row.shift.startswith(ELSEWHERE) and _is_refused(directory, row)]
    if not misfits:
        return instance
    lost = {(row.shift, row.position): 0 for row in misfits}
    for row in misfits:
        lost[row.shift, row.position] += 1
    shifts = [_with_fewer_seats(shift, lost) for shift in instance.shifts]
    moved = [_moved(directory.shifts[row.shift], row) for row in misfits]
    gone = set(misfits)
    return replace(
        instance,
        shifts=(*shifts, *(shift for shift, _ in moved)),
        pinned=(*(row for row in instance.pinned if row not in gone), *(row for _, row in moved)),
    )


def position_of(row: Assignment) -> int | None:
    """Return the position's id of a row of a plan; None for what is done elsewhere."""
    if row.position.startswith(ELSEWHERE):
        return None
    return int(row.position.rpartition(":")[2])


def _is_refused(directory: Directory, row: Assignment) -> bool:
    volunteer, shift = directory.volunteers[row.volunteer], directory.shifts[row.shift]
    return directory.refusal(volunteer, shift, directory.positions[row.shift, row.position]) is not None


def _with_fewer_seats(shift: Shift, lost: dict[tuple[str, str], int]) -> Shift:
    if not any((shift.id, position.id) in lost for position in shift.positions):
        return shift
    fewer = [
        replace(position, min=max(0, position.min - held), max=max(0, position.max - held))
        for position in shift.positions
        for held in (lost.get((shift.id, position.id), 0),)
    ]
    return replace(shift, positions=tuple(fewer))


def _moved(shift: Shift, row: Assignment) -> tuple[Shift, Assignment]:
    name = f"{KEPT}:{shift.id}:{row.volunteer}"
    held = _held_shift(name, f"{KEPT}:{row.position}", shift.kind, shift.place, (shift.start, shift.end))
    return held, Assignment(held.id, held.positions[0].id, row.volunteer)


def _held_shift(name: str, position: str, kind: ShiftKind, place: str, time: tuple[int, int]) -> Shift:
    seat = Position(position, min=0, max=1)
    return Shift(name, kind, place, *time, green=False, continuity=False, positions=(seat,))


def _rows(rows: Iterable[database.Row]) -> list[Assignment]:
    return [Assignment(str(r["assignment_id"]), str(r["position_id"]), str(r["person_id"])) for r in rows]
