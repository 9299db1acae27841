"""Reading attendance: a station's shifts with who is coming, what waits to be confirmed, one's own hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import AssignmentStatus, Compensation, Kind
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.people.queries import person_id_of


class ShiftPerson(msgspec.Struct, frozen=True):
    """Somebody on a shift."""

    public_id: UUID
    name: str
    role_zh: str
    role_en: str
    status: SignUpStatus
    minutes: int | None
    came: datetime | None = None
    went: datetime | None = None
    logged: int | None = None
    over_quota: bool = False


@dataclass(frozen=True, slots=True)
class StationShift:
    """A shift of one of the station's places with everybody on it."""

    id: int
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    status: AssignmentStatus
    compensation: Compensation
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    station_code: str
    minimum: int
    capacity: int
    booked: int
    people: tuple[ShiftPerson, ...]

    @property
    def unconfirmed(self) -> int:
        """Return how many people's attendance nobody has confirmed yet."""
        return sum(person.status in (SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN) for person in self.people)


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's credited time."""

    minutes: int
    minutes_this_year: int
    attendances: int


_SHIFTS = """
SELECT a.id, a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.status, a.compensation,
       place.name_zh AS place_zh, place.name_en AS place_en, station.name_zh AS station_zh,
       station.name_en AS station_en, at.code AS station_code, seats.minimum, seats.capacity, seats.booked,
       coalesce((SELECT jsonb_agg(jsonb_build_object('public_id', s.public_id, 'name', person.name,
                     'role_zh', p.role_zh, 'role_en', p.role_en, 'status', s.status, 'minutes', t.minutes,
                     'over_quota', s.over_quota,
                     'came', came.at, 'went', went.at,
                     'logged', (SELECT l.people FROM duty_log l WHERE l.sign_up_id = s.id
                                ORDER BY l.number DESC LIMIT 1))
                     ORDER BY p.number, s.id)
                 FROM sign_up s JOIN position p ON p.id = s.position_id JOIN person ON person.id = s.person_id
                 LEFT JOIN attendance_now t ON t.sign_up_id = s.id
                 LEFT JOIN check_in came ON came.sign_up_id = s.id AND came.moment = 'in'
                 LEFT JOIN check_in went ON went.sign_up_id = s.id AND went.moment = 'out'
                 WHERE s.assignment_id = a.id AND s.status NOT IN ('withdrawn', 'released')), '[]')::text AS people
FROM assignment a JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id
JOIN place AS at ON at.id = station.place_id
CROSS JOIN LATERAL (SELECT sum(q.minimum) AS minimum, sum(q.capacity) AS capacity, sum(q.booked) AS booked
                    FROM position q WHERE q.assignment_id = a.id) AS seats
WHERE at.code LIKE ANY ($1) AND a.starts >= $2 AND a.starts < $3 AND %s
ORDER BY a.starts, a.id LIMIT $4
"""
_WAITS = "EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.status IN ('confirmed', 'checked_in'))"
_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_people = msgspec.json.Decoder(tuple[ShiftPerson, ...])


async def station_shifts(
    principal: Principal, first: datetime, last: datetime, *, unconfirmed_only: bool = False, limit: int = 200
) -> list[StationShift]:
    """Return the shifts of the staff's stations that start from ``first`` until before ``last``, with their people."""
    scope = station_scope(principal)
    rows = await database.fetch(
        _SHIFTS % (_WAITS if unconfirmed_only else "true"), scope.like_patterns(), first, last, limit
    )
    return [_shift(row) for row in rows]


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a station's week in numbers."""

    day: date
    shifts: int
    capacity: int
    booked: int
    unconfirmed: int


async def week_counts(principal: Principal, monday: date) -> list[DayCount]:
    """Return the seven days of a week with what lies on them."""
    scope = station_scope(principal)
    first = clock.at_local(monday, time.min)
    rows = await database.fetch(
        """SELECT (a.starts AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS shifts,
                  coalesce(sum(seats.capacity), 0)::integer AS capacity,
                  coalesce(sum(seats.booked), 0)::integer AS booked,
                  coalesce(sum((SELECT count(*) FROM sign_up s WHERE s.assignment_id = a.id AND s.ends <= $4
                                AND s.status IN ('confirmed', 'checked_in'))), 0)::integer AS unconfirmed
           FROM assignment a JOIN station ON station.id = a.station_id JOIN place AS at ON at.id = station.place_id
           CROSS JOIN LATERAL (SELECT sum(q.capacity) AS capacity, sum(q.booked) AS booked
                               FROM position q WHERE q.assignment_id = a.id) AS seats
           WHERE at.code LIKE ANY ($1) AND a.starts >= $2 AND a.starts < $3 AND a.status IN ('open', 'closed')
           GROUP BY 1""",
        *(scope.like_patterns(), first, first + timedelta(days=7), clock.now()),
    )
    counted = {row["day"]: DayCount(**row) for row in rows}
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    return [counted.get(day, DayCount(day, 0, 0, 0, 0)) for day in days]


async def station_shift(principal: Principal, reference: str) -> StationShift:
    """Return one shift with its people, for the staff of its station."""
    scope = station_scope(principal)
    rows = await database.fetch(_SHIFTS % "a.reference = $5", ["%"], _EVER[0], _EVER[1], 1, reference)
    for row in rows:
        scope.require_place(row["station_code"])
        return _shift(row)
    raise NotFound


async def waiting_to_confirm(principal: Principal) -> tuple[int, datetime | None]:
    """Return how many people's attendance waits for the staff's word, and since when."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    row = await database.fetch_one(
        """SELECT count(*) AS people, min(s.ends) AS since FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
           JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
           WHERE s.status IN ('confirmed', 'checked_in') AND s.ends <= $2 AND place.code LIKE ANY ($1)""",
        *(scope.like_patterns(), clock.now()),
    )
    return (row["people"], row["since"]) if row else (0, None)


async def unconfirmed_sign_ups(principal: Principal, before: datetime) -> list[UUID]:
    """Return every sign-up in the staff's places that ended before an instant and that nobody has judged yet."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    rows = await database.fetch(
        """SELECT s.public_id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
           JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
           JOIN person ON person.id = s.person_id
           WHERE s.status IN ('confirmed', 'checked_in') AND s.ends <= $2 AND place.code LIKE ANY ($1)
             AND person.account_id IS DISTINCT FROM $3 ORDER BY s.id""",
        *(scope.like_patterns(), before, principal.account_id),
    )
    return [row["public_id"] for row in rows]


async def my_hours(principal: Principal) -> Hours:
    """Return the time credited to the person."""
    row = await database.fetch_one(
        """SELECT coalesce(sum(h.minutes), 0)::integer AS minutes,
                  count(DISTINCT h.attendance_id)::integer AS attendances,
                  coalesce(sum(h.minutes) FILTER (WHERE s.starts >= $2), 0)::integer AS minutes_this_year
           FROM hours_entry h JOIN attendance t ON t.id = h.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
           WHERE h.person_id = $1""",
        await person_id_of(principal),
        clock.at_local(clock.today().replace(month=1, day=1), datetime.min.time()),
    )
    return Hours(**row) if row else Hours(0, 0, 0)


def _shift(row: database.Row) -> StationShift:
    return StationShift(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "status": AssignmentStatus(row["status"]),
            "compensation": Compensation(row["compensation"]),
            "people": _people.decode(row["people"]),
        }
    )
