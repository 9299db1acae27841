"""What stands in a calendar, and which calendars a person has made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.principals import principal_of_account, token_digest
from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound, NotPermitted
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.calendars.rules import (
    CANCELLED_SHOWN,
    SHOWN_BACK,
    USE_NOTED_EVERY,
    EventStatus,
    own_status,
    station_status,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in both languages, before it is written down; ``people`` names who comes, for stations only."""

    key: str
    sequence: int
    status: EventStatus
    starts: datetime
    ends: datetime
    changed_at: datetime
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    place_zh: str
    place_en: str
    meeting_point_zh: str
    meeting_point_en: str
    contact_name: str
    contact_phone: str
    reference: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as its address gives it."""

    name_zh: str
    name_en: str
    locale: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FeedView:
    """One of a person's addresses, as the page lists it; never the address itself."""

    public_id: UUID
    station_id: int | None
    station_zh: str
    station_en: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class StationChoice:
    """A station whose calendar the person may have."""

    id: int
    name_zh: str
    name_en: str


async def feed_behind(secret: str) -> Feed:
    """Return the calendar that an address names; one that is unknown, revoked or no longer permitted is not found."""
    now = clock.now()
    row = await database.fetch_one(_FEED, token_digest(secret), now, USE_NOTED_EVERY)
    if row is None:
        raise NotFound
    if row["station_id"] is None:
        entries = [_own(found) for found in await database.fetch(_OWN, row["account_id"], *_window(now))]
        return Feed("", "", row["locale"], tuple(entries))
    await _require_station(row["account_id"], row["station_code"])
    found = await database.fetch(_STATION, row["station_id"], *_window(now))
    return Feed(row["name_zh"], row["name_en"], row["locale"], tuple(_at_station(one) for one in found))


async def own_feeds(principal: Principal) -> list[FeedView]:
    """Return the addresses in force that the person has made, one's own calendar first."""
    rows = await database.fetch(_MADE, principal.actor)
    return [FeedView(**row) for row in rows]


async def stations_of(principal: Principal) -> list[StationChoice]:
    """Return the stations that the person answers for."""
    if not (principal.can(Permission.ATTENDANCE_CONFIRM) or principal.can(Permission.ASSIGNMENT_PUBLISH)):
        return []
    rows = await database.fetch(
        """SELECT station.id, station.name_zh, station.name_en FROM station JOIN place ON place.id = station.place_id
           WHERE place.code LIKE ANY ($1) ORDER BY place.code, station.id LIMIT 300""",
        station_scope(principal).like_patterns(),
    )
    return [StationChoice(**row) for row in rows]


async def _require_station(account_id: int, code: str) -> None:
    """The address of a station's calendar is worth what its owner may see today."""
    try:
        station_scope(await principal_of_account(account_id)).require_place(code)
    except NotPermitted:
        raise NotFound from None


def _window(now: datetime) -> tuple[datetime, datetime]:
    return now - SHOWN_BACK, now - CANCELLED_SHOWN


def _own(row: database.Row) -> Entry:
    status = own_status(SignUpStatus(row.pop("status")), AssignmentStatus(row.pop("assignment_status")))
    return Entry(**row, status=status)


def _at_station(row: database.Row) -> Entry:
    status = station_status(AssignmentStatus(row.pop("status")), row.pop("booked"), row.pop("minimum"))
    return Entry(**{**row, "people": tuple(row["people"])}, status=status)


# A use is noted once an hour at most: reading a calendar is not a write.
_FEED = """
WITH live AS (
    SELECT f.id, f.account_id, f.station_id, f.last_used_at FROM calendar_feed f
    JOIN account ON account.id = f.account_id AND account.status = 'active'
    WHERE f.token_sha256 = $1 AND f.revoked_at IS NULL),
noted AS (
    UPDATE calendar_feed SET last_used_at = $2 FROM live
    WHERE calendar_feed.id = live.id
      AND (live.last_used_at IS NULL OR live.last_used_at < $2::timestamptz - $3::interval))
SELECT live.account_id, live.station_id, account.locale, station.name_zh, station.name_en, place.code AS station_code
FROM live JOIN account ON account.id = live.account_id
LEFT JOIN station ON station.id = live.station_id LEFT JOIN place ON place.id = station.place_id
"""
_SHOWN = """a.title_zh, a.title_en, a.starts, a.ends, a.meeting_point_zh, a.meeting_point_en, a.contact_name,
       a.contact_phone, a.reference, place.name_zh AS place_zh, place.name_en AS place_en"""
_OWN = f"""
SELECT s.public_id::text AS key, s.revision + a.revision AS sequence, s.status, a.status AS assignment_status,
       greatest(s.changed_at, a.changed_at) AS changed_at, p.role_zh, p.role_en, {_SHOWN}
FROM person JOIN sign_up s ON s.person_id = person.id JOIN assignment a ON a.id = s.assignment_id
JOIN position p ON p.id = s.position_id JOIN place ON place.id = a.place_id
WHERE person.account_id = $1 AND s.ends > $2 AND (s.ended_at IS NULL OR s.ended_at > $3)
ORDER BY s.starts, s.id
"""
_STATION = f"""
SELECT 'shift-' || a.reference AS key, a.revision + on_it.changes AS sequence, a.status,
       greatest(a.changed_at, on_it.changed_at) AS changed_at, seats.booked, seats.minimum, on_it.people,
       '' AS role_zh, '' AS role_en, {_SHOWN}
FROM assignment a JOIN place ON place.id = a.place_id
CROSS JOIN LATERAL (SELECT sum(booked)::integer AS booked, sum(minimum)::integer AS minimum
                    FROM position WHERE assignment_id = a.id) AS seats
CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.revision + 1), 0)::integer AS changes, max(s.changed_at) AS changed_at,
           coalesce(array_agg(person.name ORDER BY s.id) FILTER (WHERE s.live), '{{}}') AS people
    FROM sign_up s JOIN person ON person.id = s.person_id WHERE s.assignment_id = a.id) AS on_it
WHERE a.station_id = $1 AND a.ends > $2 AND a.status <> 'draft' AND (a.status <> 'cancelled' OR a.changed_at > $3)
ORDER BY a.starts, a.id
"""
_MADE = """
SELECT f.public_id, f.station_id, coalesce(station.name_zh, '') AS station_zh,
       coalesce(station.name_en, '') AS station_en, f.created_at, f.last_used_at
FROM calendar_feed f LEFT JOIN station ON station.id = f.station_id
WHERE f.account_id = $1 AND f.revoked_at IS NULL ORDER BY f.station_id NULLS FIRST
"""
