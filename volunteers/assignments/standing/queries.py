"""Standing sign-ups as the person, the public and the station see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.sign_ups.rules import Reason, SignUpStatus
from volunteers.assignments.standing.rules import StandingStatus

SHOWN_BACK = timedelta(days=14)


class Pause(msgspec.Struct, frozen=True):
    """Days off."""

    public_id: UUID
    first_day: date
    last_day: date


class OnShift(msgspec.Struct, frozen=True):
    """What became of it on one shift: the state of the seat, or why there was none."""

    reference: str
    starts: datetime
    ends: datetime
    status: SignUpStatus | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """One's own standing sign-up."""

    public_id: UUID
    status: StandingStatus
    weekday: int
    valid_from: date
    valid_until: date
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    station_zh: str
    station_en: str
    by_station: bool
    pauses: tuple[Pause, ...]
    shifts: tuple[OnShift, ...]


@dataclass(frozen=True, slots=True)
class OnPosition:
    """What a position's card says: whose weekly place it is by number, and whether it may be one's own too."""

    reference: str
    number: int
    weekday: int
    others: int
    own: UUID | None
    open_to: bool


@dataclass(frozen=True, slots=True)
class InTurn:
    """One in the order in which people are seated, for the station."""

    public_id: UUID
    name: str
    number: int
    weekday: int
    status: StandingStatus
    valid_from: date
    valid_until: date
    agreed_at: datetime | None
    missed: int


@dataclass(frozen=True, slots=True)
class Offered:
    """The weekly place that a shift belongs to."""

    pattern: UUID
    number: int
    weekday: int
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """One in the public order: the family name, and since when."""

    name: str
    agreed_at: datetime


_MINE = """
SELECT t.public_id, t.status, t.weekday, t.valid_from, t.valid_until, s.title_zh, s.title_en,
       coalesce(q.role_zh, '') AS role_zh, coalesce(q.role_en, '') AS role_en, station.name_zh AS station_zh,
       station.name_en AS station_en, t.proposed_by IS NOT NULL AS by_station,
       coalesce((SELECT jsonb_agg(jsonb_build_object('public_id', u.public_id, 'first_day', u.first_day,
                     'last_day', u.last_day) ORDER BY u.first_day)
                 FROM standing_pause u WHERE u.standing_id = t.id AND u.last_day >= $2), '[]')::text AS pauses,
       coalesce((SELECT jsonb_agg(jsonb_build_object('reference', a.reference, 'starts', a.starts, 'ends', a.ends,
                     'status', w.status, 'reasons', string_to_array(d.reasons, ',')) ORDER BY a.starts)
                 FROM standing_shift d JOIN assignment a ON a.id = d.assignment_id
                 LEFT JOIN sign_up w ON w.id = d.sign_up_id
                 WHERE d.standing_id = t.id AND a.starts > $3), '[]')::text AS shifts
FROM standing t JOIN person ON person.id = t.person_id JOIN shift_pattern s ON s.id = t.pattern_id
JOIN station ON station.id = s.station_id
LEFT JOIN shift_pattern_position q ON q.pattern_id = s.id AND q.number = t.number
WHERE person.account_id = $1 AND t.status IN ('proposed', 'active') ORDER BY t.status DESC, t.weekday, t.id
"""
_ON_POSITION = """
SELECT a.reference, p.number, (extract(isodow FROM a.pattern_day) - 1)::integer AS weekday,
       (SELECT count(*) FROM standing t WHERE t.pattern_id = s.id AND t.number = p.number AND t.status = 'active'
          AND t.weekday = extract(isodow FROM a.pattern_day) - 1 AND t.person_id <> me.id)::integer AS others,
       (SELECT t.public_id FROM standing t WHERE t.pattern_id = s.id AND t.person_id = me.id
          AND t.weekday = extract(isodow FROM a.pattern_day) - 1 AND t.number = p.number
          AND t.status IN ('proposed', 'active')) AS own,
       s.status <> 'ended' AND s.sign_up_mode = 'instant' AND a.status = 'open' AND a.starts > $3
           AND coalesce(s.valid_until, 'infinity') > a.pattern_day
           AND extract(isodow FROM a.pattern_day) - 1 = ANY (s.weekdays)
           AND NOT EXISTS (SELECT FROM standing t WHERE t.pattern_id = s.id AND t.person_id = me.id
                           AND t.weekday = extract(isodow FROM a.pattern_day) - 1
                           AND t.status IN ('proposed', 'active')) AS open_to
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN shift_pattern s ON s.id = a.pattern_id
JOIN person AS me ON me.account_id = $2 WHERE p.id = $1
"""
_IN_TURN = """
SELECT t.public_id, person.name, t.number, t.weekday, t.status, t.valid_from, t.valid_until, t.agreed_at,
       (SELECT count(*) FROM standing_shift d WHERE d.standing_id = t.id AND d.sign_up_id IS NULL)::integer AS missed
FROM standing t JOIN person ON person.id = t.person_id
WHERE t.pattern_id = $1 AND t.status IN ('proposed', 'active')
ORDER BY t.weekday, t.number, t.agreed_at NULLS LAST, t.id
"""
_OFFERED = """
SELECT s.public_id AS pattern, p.number, (extract(isodow FROM a.pattern_day) - 1)::integer AS weekday, a.title_zh,
       a.title_en, p.role_zh, p.role_en, a.starts, a.ends, s.valid_until
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN shift_pattern s ON s.id = a.pattern_id
WHERE a.reference = $1 AND p.number = $2
"""
_ORDER = """
SELECT left(person.name, 1) || '*' AS name, t.agreed_at FROM standing t JOIN shift_pattern s ON s.id = t.pattern_id
JOIN person ON person.id = t.person_id
WHERE s.public_id = $1 AND t.number = $2 AND t.weekday = $3 AND t.status = 'active' ORDER BY t.agreed_at, t.id
"""
_pauses = msgspec.json.Decoder(tuple[Pause, ...])
_shifts = msgspec.json.Decoder(tuple[OnShift, ...])


async def my_standing(principal: Principal) -> list[Mine]:
    """Return what one has agreed to each week, and what one is asked; questions first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    rows = await database.fetch(_MINE, principal.actor, clock.today(), clock.now() - SHOWN_BACK)
    return [_mine(row) for row in rows]


async def on_position(principal: Principal, position_id: int) -> OnPosition | None:
    """Return what a position's card says about coming each week; None where no pattern stands behind the shift."""
    row = await database.fetch_one(_ON_POSITION, position_id, principal.actor, clock.now())
    return OnPosition(**row) if row else None


async def in_turn(pattern_id: int) -> list[InTurn]:
    """Return who comes each week, in the order in which they are seated; for the station."""
    rows = await database.fetch(_IN_TURN, pattern_id)
    return [InTurn(**{**row, "status": StandingStatus(row["status"])}) for row in rows]


async def offered_by(reference: str, number: int) -> Offered | None:
    """Return the weekly place that a shift's position belongs to, if it does."""
    row = await database.fetch_one(_OFFERED, reference, number)
    return Offered(**row) if row else None


async def public_order(offered: Offered) -> list[Ahead]:
    """Return who comes every week to a place, in the order in which they are seated; for everybody."""
    rows = await database.fetch(_ORDER, offered.pattern, offered.number, offered.weekday)
    return [Ahead(**row) for row in rows]


def _mine(row: database.Row) -> Mine:
    decoded = {"pauses": _pauses.decode(row["pauses"]), "shifts": _shifts.decode(row["shifts"])}
    return Mine(**{**row, **decoded, "status": StandingStatus(row["status"])})
