"""Who is on stand-by where: for the person, for the page of a shift, for the station."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.stand_by.rules import part_of

NEAREST = 30
"""How many stations one may choose from: the nearest within reach."""


@dataclass(frozen=True, slots=True)
class MyStandBy:
    """One offer of the person's own: for a shift, or (``weekday`` is set) each week at a station."""

    public_id: UUID
    station_zh: str
    station_en: str
    reference: str
    title_zh: str
    title_en: str
    starts: datetime | None
    ends: datetime | None
    weekday: int | None
    part: str


@dataclass(frozen=True, slots=True)
class OnPosition:
    """What a position's card says to a volunteer: how many stand by, and their own offer if they made one."""

    reference: str
    number: int
    ready: int
    own: UUID | None
    open_to: bool


@dataclass(frozen=True, slots=True)
class ReadyPerson:
    """Somebody a station may count on, by name."""

    name: str
    role_zh: str
    role_en: str
    weekly: bool


@dataclass(frozen=True, slots=True)
class NearStation:
    """A station within reach."""

    id: int
    name_zh: str
    name_en: str
    metres: int


_MINE = """
SELECT b.public_id, station.name_zh AS station_zh, station.name_en AS station_en,
       coalesce(a.reference, '') AS reference, coalesce(a.title_zh, '') AS title_zh,
       coalesce(a.title_en, '') AS title_en, a.starts, a.ends, b.weekday, b.from_minute, b.to_minute
FROM person JOIN stand_by b ON b.person_id = person.id AND b.status = 'ready'
LEFT JOIN position p ON p.id = b.position_id LEFT JOIN assignment a ON a.id = p.assignment_id
JOIN station ON station.id = coalesce(b.station_id, a.station_id)
WHERE person.account_id = $1 AND (a.id IS NULL OR a.ends > $2 AND a.status IN ('open', 'closed'))
ORDER BY a.starts NULLS LAST, b.weekday, b.from_minute, b.id
"""
_COVERS = """
b.status = 'ready' AND (b.position_id = p.id OR b.station_id = a.station_id
    AND b.weekday = extract(isodow FROM a.starts AT TIME ZONE 'Asia/Shanghai') - 1
    AND b.from_minute <= extract(epoch FROM (a.starts AT TIME ZONE 'Asia/Shanghai')::time) / 60
    AND b.to_minute >= (extract(epoch FROM (a.starts AT TIME ZONE 'Asia/Shanghai')::time)
                        + extract(epoch FROM a.ends - a.starts)) / 60)
"""
_ON_POSITION = f"""
SELECT a.reference, p.number, (SELECT count(DISTINCT b.person_id) FROM stand_by b WHERE {_COVERS})::integer AS ready,
       (SELECT b.public_id FROM stand_by b
        WHERE b.position_id = p.id AND b.person_id = person.id AND b.status = 'ready') AS own,
       a.status = 'open' AND a.starts > $3 AND p.booked >= p.capacity AND NOT EXISTS (
           SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.person_id = person.id AND s.live) AS open_to
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN person ON person.account_id = $2 WHERE p.id = $1
"""
_READY = f"""
SELECT DISTINCT ON (p.number, b.person_id) person.name, p.role_zh, p.role_en, b.position_id IS NULL AS weekly
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN stand_by b ON {_COVERS}
JOIN person ON person.id = b.person_id AND person.status = 'active'
WHERE a.id = $1 ORDER BY p.number, b.person_id, b.position_id
"""
_CALLED_FIRST = f"""
SELECT DISTINCT b.person_id FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN stand_by b ON {_COVERS}
WHERE p.id = $1
"""
_NEAR = """
SELECT station.id, station.name_zh, station.name_en,
       abs(station.east_m - person.home_east_m) + abs(station.north_m - person.home_north_m) AS metres
FROM person JOIN station ON station.open
 AND abs(station.east_m - person.home_east_m) + abs(station.north_m - person.home_north_m) <= person.max_travel_m
WHERE person.account_id = $1 ORDER BY metres, station.id LIMIT $2
"""


async def my_stand_bys(principal: Principal) -> list[MyStandBy]:
    """Return what the person offered: shifts to come first, then what holds each week."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    rows = await database.fetch(_MINE, principal.actor, clock.now())
    return [_mine(row) for row in rows]


async def on_position(principal: Principal, position_id: int) -> OnPosition | None:
    """Return what a position's card says about stand-bys to a volunteer; None to who has not joined."""
    row = await database.fetch_one(_ON_POSITION, position_id, principal.actor, clock.now())
    return OnPosition(**row) if row else None


async def ready_for(assignment_id: int) -> list[ReadyPerson]:
    """Return who is ready for a shift's positions, by name; for the station's own pages."""
    return [ReadyPerson(**row) for row in await database.fetch(_READY, assignment_id)]


async def called_first(position_id: int) -> list[int]:
    """Return the ids of the people who said that they would step in for a position."""
    return [row["person_id"] for row in await database.fetch(_CALLED_FIRST, position_id)]


async def near_stations(principal: Principal) -> list[NearStation]:
    """Return the stations within the person's reach, the nearest first."""
    return [NearStation(**row) for row in await database.fetch(_NEAR, principal.actor, NEAREST)]


def _mine(row: database.Row) -> MyStandBy:
    part = "" if row["weekday"] is None else part_of(row["from_minute"], row["to_minute"])
    return MyStandBy(**{name: row[name] for name in MyStandBy.__slots__ if name != "part"}, part=part)
