"""Whom one may ask: colleagues and people near who are free, and those with whom one could change seats.

A colleague, of the same organization or seen at the same station, is shown by name; strangers by their family name.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.exchanges.rules import reasons_to_refuse
from volunteers.assignments.sign_ups import loading
from volunteers.people.queries import person_id_of

MOST_WEIGHED, MOST_SHOWN = 60, 12


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """The seat that one would hand on."""

    public_id: UUID
    position_id: int
    assignment_id: int
    status: str
    by_request: bool
    over_quota: bool
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    station_zh: str
    station_en: str
    station_phone: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could go."""

    public_id: UUID
    name: str
    known: bool
    metres: int


@dataclass(frozen=True, slots=True)
class SwapOption:
    """A seat of somebody's that could be one's own, and whose holder could take one's own."""

    public_id: UUID
    name: str
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime


_OWN = """
SELECT s.public_id, s.position_id, s.assignment_id, s.status, a.sign_up_mode = 'request' AS by_request, a.reference,
       a.title_zh, a.title_en, p.role_zh, p.role_en, s.starts, s.ends, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone, s.over_quota
FROM sign_up s JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id WHERE s.public_id = $1 AND s.person_id = $2 AND s.live
"""
_COLLEAGUES = """
WITH wanted AS (
    SELECT a.station_id, a.starts, a.ends, a.east_m, a.north_m, p.credentials_any, p.skills_all, p.languages_all,
           p.gender, (a.starts AT TIME ZONE 'Asia/Shanghai') AS first, (a.ends AT TIME ZONE 'Asia/Shanghai') AS last
    FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1),
seen AS (
    SELECT DISTINCT s.person_id FROM wanted w JOIN assignment b ON b.station_id = w.station_id
    JOIN sign_up s ON s.assignment_id = b.id AND s.live
    WHERE b.starts > w.starts - interval '180 days' AND b.starts < w.starts + interval '60 days'),
people AS (
    SELECT person.*, seen.person_id IS NOT NULL
               OR coalesce(person.organization_id = me.organization_id, false) AS known,
           abs(w.east_m - person.home_east_m) + abs(w.north_m - person.home_north_m) AS metres, w.first, w.last
    FROM wanted w CROSS JOIN person JOIN account ON account.id = person.account_id AND account.status = 'active'
    JOIN person AS me ON me.id = $2 LEFT JOIN seen ON seen.person_id = person.id
    WHERE person.id <> $2 AND person.status = 'active' AND w.skills_all <@ person.skills
      AND w.languages_all <@ person.languages AND (w.gender IS NULL OR w.gender = person.gender)
      AND (w.credentials_any = '{}' OR EXISTS (
           SELECT FROM credential c WHERE c.person_id = person.id AND c.verified_at IS NOT NULL
             AND c.kind = ANY (w.credentials_any) AND c.valid_from <= w.first::date
             AND (c.valid_until IS NULL OR c.valid_until >= w.last::date)))
      AND NOT EXISTS (SELECT FROM sign_up s WHERE s.person_id = person.id AND s.live
                      AND tstzrange(s.starts, s.ends) && tstzrange(w.starts, w.ends)))
SELECT id, public_id, name, known, metres FROM people
WHERE known OR metres <= max_travel_m AND EXISTS (
    SELECT FROM availability t WHERE t.person_id = people.id AND t.weekday = extract(isodow FROM first) - 1
      AND t.from_minute <= extract(epoch FROM first::time) / 60
      AND t.to_minute >= extract(epoch FROM first::time + (last - first)) / 60)
ORDER BY known DESC, metres, id LIMIT $3
"""
_SWAPS = """
SELECT t.public_id, t.position_id, t.person_id, y.id AS assignment_id, person.name, y.reference, y.title_zh,
       y.title_en, q.role_zh, q.role_en, y.starts, y.ends
FROM assignment x JOIN assignment y ON y.station_id = x.station_id AND y.id <> x.id
 AND y.status IN ('open', 'closed') AND y.sign_up_mode = 'instant' AND y.starts > $3
 AND y.starts BETWEEN x.starts - interval '14 days' AND x.starts + interval '14 days'
JOIN sign_up t ON t.assignment_id = y.id AND t.status = 'confirmed' AND NOT t.over_quota
 AND t.person_id <> $2
JOIN position q ON q.id = t.position_id JOIN person ON person.id = t.person_id
WHERE x.id = $1 ORDER BY abs(extract(epoch FROM y.starts - x.starts)), t.id LIMIT $4
"""


async def own_seat(principal: Principal, sign_up: UUID) -> OwnSeat:
    """Return a seat of the person's own; others' are not found."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    row = await database.fetch_one(_OWN, sign_up, await person_id_of(principal))
    if row is None:
        raise NotFound
    return OwnSeat(**row)


async def colleagues(principal: Principal, own: OwnSeat) -> list[Colleague]:
    """Return who may go instead: colleagues first, then people near who are free, each weighed by every rule."""
    rows = await database.fetch(_COLLEAGUES, own.position_id, await person_id_of(principal), MOST_WEIGHED)
    seats = await loading.seats([own.position_id])
    people = await loading.candidates([row["id"] for row in rows], seats.values())
    seat, now = seats[own.position_id], clock.now()
    return [
        Colleague(row["public_id"], _shown(row["name"], row["known"]), row["known"], row["metres"])
        for row in rows
        if not reasons_to_refuse(seat, people[row["id"]], now)
    ][:MOST_SHOWN]


async def swaps(principal: Principal, own: OwnSeat) -> list[SwapOption]:
    """Return the seats at the same station that one could change with, nearest in time first."""
    me, now = await person_id_of(principal), clock.now()
    rows = await database.fetch(_SWAPS, own.assignment_id, me, now, MOST_WEIGHED)
    seats = await loading.seats([own.position_id, *(row["position_id"] for row in rows)])
    people = await loading.candidates([me, *(row["person_id"] for row in rows)], seats.values())
    here, myself = seats[own.position_id], people[me]
    fit = [
        row
        for row in rows
        if not reasons_to_refuse(here, people[row["person_id"]], now, row["assignment_id"])
        and not reasons_to_refuse(seats[row["position_id"]], myself, now, own.assignment_id)
    ]
    return [_option(row) for row in fit[:MOST_SHOWN]]


def _option(row: database.Row) -> SwapOption:
    return SwapOption(**{name: row[name] for name in SwapOption.__slots__})


def _shown(name: str, known: bool) -> str:
    return name if known else f"{name[:1]}*"
