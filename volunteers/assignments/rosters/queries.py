"""Reading a station's week with everybody in it, and where an organization's people are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import AssignmentStatus, Compensation, Kind
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.assignments.sign_ups.rules import SignUpStatus


class RosterPerson(msgspec.Struct, frozen=True):
    """Somebody who comes."""

    name: str
    status: SignUpStatus


class RosterSeat(msgspec.Struct, frozen=True):
    """A kind of seat with those on it."""

    role_zh: str
    role_en: str
    minimum: int
    capacity: int
    booked: int
    people: tuple[RosterPerson, ...]


@dataclass(frozen=True, slots=True)
class RosterShift:
    """A shift as a roster shows it."""

    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    status: AssignmentStatus
    compensation: Compensation
    insured: bool
    place_zh: str
    place_en: str
    meeting_point_zh: str
    meeting_point_en: str
    thanks_code: str
    seats: tuple[RosterSeat, ...]

    @property
    def missing(self) -> int:
        """Return how many people are lacking before the shift can take place."""
        return sum(max(0, seat.minimum - seat.booked) for seat in self.seats)

    @property
    def free(self) -> int:
        """Return how many more may come."""
        return sum(max(0, seat.capacity - seat.booked) for seat in self.seats)

    @property
    def coverage(self) -> str:
        """Return one word for how it stands: off, missing, free or full."""
        if self.status in (AssignmentStatus.CANCELLED, AssignmentStatus.DRAFT):
            return "off"
        if self.missing:
            return "missing"
        return "free" if self.free else "full"


@dataclass(frozen=True, slots=True)
class RosterStation:
    """A station that one answers for."""

    id: int
    name_zh: str
    name_en: str
    phone: str
    place_code: str
    place_zh: str
    place_en: str


@dataclass(frozen=True, slots=True)
class MemberShift:
    """One of an organization's people on one shift."""

    person: str
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    status: SignUpStatus
    place_zh: str
    place_en: str
    minutes: int | None


_SHIFTS = """
SELECT a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.status, a.compensation, a.insured,
       place.name_zh AS place_zh, place.name_en AS place_en, a.meeting_point_zh, a.meeting_point_en, a.thanks_code,
       (SELECT jsonb_agg(jsonb_build_object('role_zh', p.role_zh, 'role_en', p.role_en, 'minimum', p.minimum,
            'capacity', p.capacity, 'booked', p.booked, 'people', coalesce(
                (SELECT jsonb_agg(jsonb_build_object('name', person.name, 'status', s.status) ORDER BY s.id)
                 FROM sign_up s JOIN person ON person.id = s.person_id
                 WHERE s.position_id = p.id AND s.status NOT IN ('withdrawn', 'released')), '[]')) ORDER BY p.number)
        FROM position p WHERE p.assignment_id = a.id)::text AS seats
FROM assignment a JOIN place ON place.id = a.place_id
WHERE a.station_id = $1 AND a.starts >= $2 AND a.starts < $3 ORDER BY a.starts, a.id LIMIT 500
"""
_MEMBERS = """
SELECT person.name AS person, a.reference, a.title_zh, a.title_en, p.role_zh, p.role_en, s.starts, s.ends, s.status,
       place.name_zh AS place_zh, place.name_en AS place_en, t.minutes
FROM sign_up s JOIN person ON person.id = s.person_id JOIN position p ON p.id = s.position_id
JOIN assignment a ON a.id = s.assignment_id JOIN place ON place.id = a.place_id
LEFT JOIN attendance t ON t.sign_up_id = s.id
WHERE person.organization_id = ANY ($1) AND s.status NOT IN ('withdrawn', 'released')
  AND s.starts >= $2 AND s.starts < $3
ORDER BY s.starts, person.name, s.id LIMIT $4
"""
_seats = msgspec.json.Decoder(tuple[RosterSeat, ...])


async def my_stations(principal: Principal) -> list[RosterStation]:
    """Return the stations that the person answers for."""
    rows = await database.fetch(
        """SELECT s.id, s.name_zh, s.name_en, s.phone, p.code AS place_code, p.name_zh AS place_zh,
                  p.name_en AS place_en
           FROM station s JOIN place p ON p.id = s.place_id WHERE s.open AND p.code LIKE ANY ($1)
           ORDER BY p.code, s.id""",
        station_scope(principal).like_patterns(),
    )
    return [RosterStation(**row) for row in rows]


async def shifts_of(station: RosterStation, first: date, days: int) -> list[RosterShift]:
    """Return what lies at a station on some days, with its people; the station is one of the person's own."""
    start = clock.at_local(first, time.min)
    end = clock.at_local(first + timedelta(days=days), time.min)
    return [_shift(row) for row in await database.fetch(_SHIFTS, station.id, start, end)]


async def station_and_day_of(reference: str) -> tuple[int, date]:
    """Return at which station and on which day a shift is."""
    row = await database.fetch_one("SELECT station_id, starts FROM assignment WHERE reference = $1", reference)
    if row is None:
        raise NotFound
    return row["station_id"], clock.local(row["starts"]).date()


def chosen(stations: list[RosterStation], wanted: int | None) -> RosterStation | None:
    """Return the station asked for, or the first; one that is not the person's own is not found."""
    if wanted is None:
        return stations[0] if stations else None
    found = next((station for station in stations if station.id == wanted), None)
    if found is None:
        raise NotFound
    return found


async def members_shifts(principal: Principal, first: date, last: date, limit: int = 500) -> list[MemberShift]:
    """Return where the people of the person's organizations are, from a first to a last day."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    start, end = clock.at_local(first, time.min), clock.at_local(last + timedelta(days=1), time.min)
    rows = await database.fetch(_MEMBERS, list(scope.organization_ids), start, end, limit)
    return [MemberShift(**{**row, "status": SignUpStatus(row["status"])}) for row in rows]


def _shift(row: database.Row) -> RosterShift:
    typed = {
        "kind": Kind(row["kind"]),
        "status": AssignmentStatus(row["status"]),
        "compensation": Compensation(row["compensation"]),
        "seats": _seats.decode(row["seats"]),
    }
    return RosterShift(**{**row, **typed})
