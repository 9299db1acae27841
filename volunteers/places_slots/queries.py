"""Reading what takes place at a place and below it, and how many seats are open in each district."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core import clock, database
from volunteers.assignments.rules import AssignmentStatus, Kind

AHEAD = timedelta(days=14)


class Seats(msgspec.Struct, frozen=True):
    """One kind of seat of an assignment: who is wanted, how many are coming."""

    role_zh: str
    role_en: str
    capacity: int
    booked: int


@dataclass(frozen=True, slots=True)
class Coming:
    """An assignment that lies ahead or is on; nobody's name, only how many come in which role."""

    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    status: AssignmentStatus
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    seats: tuple[Seats, ...]
    total: int

    @property
    def free(self) -> int:
        """Return how many seats can still be signed up for; a closed assignment has none."""
        if self.status is not AssignmentStatus.OPEN:
            return 0
        return sum(one.capacity - one.booked for one in self.seats)


_COMING = """
SELECT a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.status, a.green, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, count(*) OVER () AS total,
       (SELECT jsonb_agg(jsonb_build_object('role_zh', p.role_zh, 'role_en', p.role_en, 'capacity', p.capacity,
            'booked', p.booked) ORDER BY p.number) FROM position p WHERE p.assignment_id = a.id)::text AS seats
FROM assignment a JOIN place ON place.id = a.place_id
WHERE a.status IN ('open', 'closed') AND a.ends > $1 AND place.code LIKE $2 || '%'
ORDER BY a.starts, a.id LIMIT $3
"""
_OPEN_SEATS = """
SELECT left(place.code, 6) AS code, sum(p.capacity - p.booked)::integer AS seats
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
WHERE a.status = 'open' AND a.starts > $1 AND a.starts < $2 GROUP BY 1
"""
_seats = msgspec.json.Decoder(tuple[Seats, ...])


async def coming_to(place_code: str, limit: int) -> list[Coming]:
    """Return what takes place at a place and below it, soonest first; each row knows how many there are in all."""
    return [_coming(row) for row in await database.fetch(_COMING, clock.now(), place_code, limit)]


async def open_seats_by_district() -> dict[str, int]:
    """Return how many seats of the next two weeks can still be signed up for, by district code."""
    now = clock.now()
    return {row["code"]: row["seats"] for row in await database.fetch(_OPEN_SEATS, now, now + AHEAD)}


def _coming(row: dict[str, Any]) -> Coming:
    typed = {"kind": Kind(row["kind"]), "status": AssignmentStatus(row["status"]), "seats": _seats.decode(row["seats"])}
    return Coming(**{**row, **typed})
