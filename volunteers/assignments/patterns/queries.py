"""Reading patterns: a station's list, one in full, and what it will make in the weeks to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.calendar import load_calendar
from app.core.errors import NotFound
from volunteers.assignments.patterns.rules import (
    Holidays,
    PatternDraft,
    PatternStatus,
    days_between,
)
from volunteers.assignments.rules import Compensation, Kind, PositionDraft, SignUpMode


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A pattern as the list shows it."""

    public_id: UUID
    title_zh: str
    title_en: str
    kind: Kind
    weekdays: tuple[int, ...]
    from_minute: int
    minutes: int
    valid_from: date
    valid_until: date | None
    status: PatternStatus
    station_zh: str
    station_en: str
    ahead: int

    @property
    def span(self) -> str:
        """Return its hours of the day."""
        return f"{_hour(self.from_minute)}–{_hour(self.from_minute + self.minutes)}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in full."""

    id: int
    public_id: UUID
    status: PatternStatus
    version: int
    created_by: int
    station_code: str
    station_zh: str
    station_en: str
    place_zh: str
    place_en: str
    stated: PatternDraft


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day of a pattern: the shift that is there, or that generating would make."""

    day: date
    starts: datetime
    ends: datetime
    reference: str
    status: str
    booked: int


_LIST = """
SELECT t.public_id, t.title_zh, t.title_en, t.kind, t.weekdays, t.from_minute, t.minutes, t.valid_from, t.valid_until,
       t.status, s.name_zh AS station_zh, s.name_en AS station_en,
       (SELECT count(*) FROM assignment a WHERE a.pattern_id = t.id AND a.starts > $2 AND a.status <> 'cancelled')
           AS ahead
FROM shift_pattern t JOIN station s ON s.id = t.station_id JOIN place p ON p.id = s.place_id
WHERE p.code LIKE ANY ($1) ORDER BY t.status = 'ended', t.id DESC LIMIT 200
"""
_ONE = """
SELECT t.*, p.code AS station_code, s.name_zh AS station_zh, s.name_en AS station_en, at.name_zh AS place_zh,
       at.name_en AS place_en,
       (SELECT jsonb_agg(jsonb_build_object('role_zh', q.role_zh, 'role_en', q.role_en, 'capacity', q.capacity,
            'minimum', q.minimum, 'credentials_any', q.credentials_any, 'skills_all', q.skills_all,
            'languages_all', q.languages_all, 'gender', q.gender,
            'trainings_all', q.trainings_all) ORDER BY q.number)
        FROM shift_pattern_position q WHERE q.pattern_id = t.id)::text AS positions
FROM shift_pattern t JOIN station s ON s.id = t.station_id JOIN place p ON p.id = s.place_id
JOIN place AS at ON at.id = t.place_id WHERE t.public_id = $1
"""


async def patterns(principal: Principal) -> list[PatternRow]:
    """List the patterns of the person's stations, those in use first."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch(_LIST, scope.like_patterns(), clock.now())
    return [
        PatternRow(
            **{
                **row,
                "kind": Kind(row["kind"]),
                "status": PatternStatus(row["status"]),
                "weekdays": tuple(row["weekdays"]),
            }
        )
        for row in rows
    ]


async def pattern(principal: Principal, public_id: UUID) -> Pattern:
    """Return one pattern, for those who publish for its station."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    row = await database.fetch_one(_ONE, public_id)
    if row is None:
        raise NotFound
    scope.require_place(row["station_code"])
    same = ("id", "public_id", "version", "created_by", "station_code", "station_zh", "station_en")
    return Pattern(
        **{name: row[name] for name in (*same, "place_zh", "place_en")},
        status=PatternStatus(row["status"]),
        stated=stated(row),
    )


async def coming_days(found: Pattern, weeks: int) -> list[ComingDay]:
    """Return the days of some weeks to come on which the pattern has a shift, or will have one."""
    today = clock.today()
    last = today + timedelta(weeks=weeks)
    there = {
        row["pattern_day"]: row
        for row in await database.fetch(
            """SELECT a.pattern_day, a.reference, a.status, a.starts, a.ends,
                      (SELECT sum(p.booked)::integer FROM position p WHERE p.assignment_id = a.id) AS booked
               FROM assignment a WHERE a.pattern_id = $1 AND a.pattern_day BETWEEN $2 AND $3""",
            *(found.id, today, last),
        )
    }
    held = days_between(found.stated, today, last, await load_calendar())
    coming = [_coming(found.stated, day, there.get(day)) for day in sorted({*held, *there})]
    return [one for one in coming if one.starts > clock.now()]


def stated(row: database.Row) -> PatternDraft:
    """Return what a row of the table states, with its positions as JSON."""
    names = set(PatternDraft.__slots__) - {"positions", "weekdays", "skipped_days"}
    return PatternDraft(
        **{
            **{name: row[name] for name in names},
            "kind": Kind(row["kind"]),
            "compensation": Compensation(row["compensation"]),
            "holidays": Holidays(row["holidays"]),
            "sign_up_mode": SignUpMode(row["sign_up_mode"]),
        },
        weekdays=tuple(row["weekdays"]),
        skipped_days=tuple(row["skipped_days"]),
        positions=msgspec.json.decode(row["positions"], type=tuple[PositionDraft, ...]),
    )


def _coming(of: PatternDraft, day: date, row: dict[str, Any] | None) -> ComingDay:
    if row is None:
        return ComingDay(day, *of.at(day), reference="", status="", booked=0)
    return ComingDay(day, row["starts"], row["ends"], row["reference"], row["status"], row["booked"])


def _hour(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
