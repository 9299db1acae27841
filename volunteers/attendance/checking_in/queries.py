"""The volunteer's page of the day, and whom the station expects now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.attendance.checking_in import rules
from volunteers.attendance.checking_in.secret import secret_of
from volunteers.attendance.checking_in.service import find_by_code
from volunteers.attendance.rules import EARLIEST_BEFORE, LATEST_AFTER
from volunteers.people.queries import person_id_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Day:
    """One's own shift with everything one needs on the way there."""

    sign_up_id: int
    public_id: UUID
    status: SignUpStatus
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    station_phone: str
    contact_name: str
    contact_phone: str
    meeting_point_zh: str
    meeting_point_en: str
    questions_zh: str
    questions_en: str
    limits_zh: str
    limits_en: str
    briefing_zh: str
    briefing_en: str
    arrived_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Code:
    """What a phone computes the digits from, and the digits of this moment."""

    secret: str
    digits: str
    seconds_left: int
    closes: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody whom the station sees today, or has just seen."""

    public_id: UUID
    name: str
    role_zh: str
    role_en: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    status: SignUpStatus
    arrived_at: datetime | None
    left_at: datetime | None

    @property
    def late(self) -> int:
        """Return by how many minutes they came late."""
        return rules.minutes_late(self.starts, self.arrived_at) if self.arrived_at else 0


_SEEN = """
LEFT JOIN check_in came ON came.sign_up_id = s.id AND came.moment = 'in'
LEFT JOIN check_in went ON went.sign_up_id = s.id AND went.moment = 'out'
"""
_DAY = f"""
SELECT s.id AS sign_up_id, s.public_id, s.status, a.reference, a.kind, a.title_zh, a.title_en, p.role_zh, p.role_en,
       s.starts, s.ends, place.name_zh AS place_zh, place.name_en AS place_en, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone, a.contact_name, a.contact_phone,
       a.meeting_point_zh, a.meeting_point_en, a.questions_zh, a.questions_en, a.limits_zh, a.limits_en,
       a.briefing_zh, a.briefing_en, came.at AS arrived_at, went.at AS left_at
FROM sign_up s JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id {_SEEN}
WHERE s.public_id = $1 AND s.person_id = $2 AND s.status IN ('confirmed', 'checked_in', 'completed', 'absent')
"""
_EXPECTED = f"""
SELECT s.public_id, person.name, p.role_zh, p.role_en, a.title_zh, a.title_en, s.starts, s.ends, s.status,
       came.at AS arrived_at, went.at AS left_at, place.code
FROM sign_up s JOIN person ON person.id = s.person_id JOIN position p ON p.id = s.position_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id {_SEEN}
"""


async def my_day(principal: Principal, public_id: UUID) -> Day:
    """Return one's own shift; others' are not found."""
    row = await database.fetch_one(_DAY, public_id, await person_id_of(principal))
    if row is None:
        raise NotFound
    return Day(**{**row, "status": SignUpStatus(row["status"]), "kind": Kind(row["kind"])})


def code_of(day: Day) -> Code | None:
    """Return the code of one's own shift on its day, while it opens something."""
    now = clock.now()
    open_state = day.status in (SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN) and day.left_at is None
    if not open_state or not rules.shown_at(day.starts, day.ends, now):
        return None
    secret, step = secret_of(day.public_id), rules.step_of(now)
    left = (step + 1) * rules.STEP_SECONDS - int(now.timestamp())
    return Code(secret.hex(), rules.digits_of(secret, step), left, day.ends + LATEST_AFTER)


async def expected_now(principal: Principal) -> list[Expected]:
    """Return who works at the clerk's places around now: those to come first, then by time."""
    scope, now = principal.scope(Permission.ATTENDANCE_CONFIRM), clock.now()
    rows = await database.fetch(
        f"""{_EXPECTED} WHERE s.status IN ('confirmed', 'checked_in') AND s.starts <= $2 AND s.ends >= $3
            AND place.code LIKE ANY ($1) ORDER BY s.status DESC, s.starts, s.id LIMIT $4""",
        *(scope.like_patterns(), now + EARLIEST_BEFORE, now - LATEST_AFTER, MOST),
    )
    return [_expected(row) for row in rows]


async def expected_one(principal: Principal, sign_up: UUID) -> Expected:
    """Return somebody who was just seen, for the clerk who answers for the station."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    row = await database.fetch_one(f"{_EXPECTED} WHERE s.public_id = $1", sign_up)
    if row is None:
        raise NotFound
    scope.require_place(row["code"])
    return _expected(row)


async def whose_code(principal: Principal, typed: str) -> Expected:
    """Return whose code it is, without taking it."""
    sign_up, _ = await find_by_code(principal, typed)
    return await expected_one(principal, sign_up)


def _expected(row: database.Row) -> Expected:
    stated = {name: row[name] for name in Expected.__slots__}
    return Expected(**{**stated, "status": SignUpStatus(row["status"])})
