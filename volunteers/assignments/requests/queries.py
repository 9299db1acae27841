"""Who asks for which seat: for the person, for the page of an assignment, and for the station that chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.requests.rules import RequestStatus, against, answer_by
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import distance_m, hints_about, reasons_against
from volunteers.assignments.sign_ups.rules import Hint, Origin
from volunteers.assignments.sign_ups.tags import REASON_NAMES


@dataclass(frozen=True, slots=True)
class OnPosition:
    """What a position's card says to a volunteer: may they ask, or have they asked."""

    reference: str
    number: int
    asking: int
    own: UUID | None
    open_to: bool


@dataclass(frozen=True, slots=True)
class MyRequest:
    """One request of the person's own."""

    public_id: UUID
    status: RequestStatus
    reason: str
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks, with what helps to choose; ``reasons`` say why they cannot come after all."""

    public_id: UUID
    name: str
    role_zh: str
    role_en: str
    note: str
    metres: int
    came: int
    came_here: int
    missed: int
    asked_at: datetime
    hints: tuple[Hint, ...]
    reasons: tuple[str, ...]


_ON_POSITION = """
SELECT a.reference, p.number,
       (SELECT count(*) FROM seat_request r WHERE r.position_id = p.id AND r.status = 'asked')::integer AS asking,
       (SELECT r.public_id FROM seat_request r
        WHERE r.position_id = p.id AND r.person_id = person.id AND r.status = 'asked') AS own,
       NOT EXISTS (SELECT FROM seat_request r WHERE r.assignment_id = a.id AND r.person_id = person.id
                   AND r.status = 'asked')
       AND NOT EXISTS (SELECT FROM sign_up_bar(person.id, $3) AS b WHERE b.consequence = 'pause') AS open_to
FROM position p JOIN assignment a ON a.id = p.assignment_id
JOIN person ON person.account_id = $2
WHERE p.id = $1 AND (a.sign_up_mode = 'request' OR EXISTS (SELECT FROM sign_up_bar(person.id, $3))
    OR EXISTS (SELECT FROM seat_request r
               WHERE r.position_id = p.id AND r.person_id = person.id AND r.status = 'asked'))
"""
_MINE = """
SELECT r.public_id, r.status, r.reason, a.reference, a.title_zh, a.title_en, p.role_zh, p.role_en, a.starts, a.ends,
       r.asked_at
FROM seat_request r JOIN person ON person.id = r.person_id JOIN assignment a ON a.id = r.assignment_id
JOIN position p ON p.id = r.position_id
WHERE person.account_id = $1 AND a.ends > $2 AND r.status IN ('asked', 'declined') ORDER BY a.starts, r.id
"""
_ASKERS = """
SELECT r.public_id, r.note, r.asked_at, r.person_id, r.position_id, person.name, p.role_zh, p.role_en,
       (SELECT count(*) FROM sign_up s WHERE s.person_id = person.id AND s.status = 'completed')::integer AS came,
       (SELECT count(*) FROM sign_up s JOIN assignment b ON b.id = s.assignment_id
        WHERE s.person_id = person.id AND s.status = 'completed' AND b.station_id = a.station_id)::integer AS came_here,
       (SELECT count(*) FROM no_show n WHERE n.person_id = person.id AND n.standing
        AND n.starts > $2::timestamptz - interval '90 days')::integer AS missed
FROM seat_request r JOIN person ON person.id = r.person_id JOIN assignment a ON a.id = r.assignment_id
JOIN position p ON p.id = r.position_id WHERE r.assignment_id = $1 AND r.status = 'asked' ORDER BY p.number, r.id
"""
_WAITING = """
SELECT a.reference, a.title_zh, a.title_en, a.starts, count(*)::integer AS asking, min(r.asked_at) AS since
FROM seat_request r JOIN assignment a ON a.id = r.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id
WHERE r.status = 'asked' AND a.starts > $2 AND place.code LIKE ANY ($1) GROUP BY a.id ORDER BY a.starts LIMIT $3
"""
_ASKING_FOR = """
SELECT a.reference, a.title_zh, a.title_en, a.starts, count(*)::integer AS asking, min(r.asked_at) AS since
FROM seat_request r JOIN assignment a ON a.id = r.assignment_id WHERE r.status = 'asked' AND a.id = $1 GROUP BY a.id
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A shift for which people wait to be chosen."""

    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    asking: int
    since: datetime


async def on_position(principal: Principal, position_id: int) -> OnPosition | None:
    """Return what a position's card says to a volunteer; None where one need not ask."""
    row = await database.fetch_one(_ON_POSITION, position_id, principal.actor, clock.now())
    return OnPosition(**row) if row else None


async def my_requests(principal: Principal) -> list[MyRequest]:
    """Return what the person asked for and has no seat from, soonest first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    rows = await database.fetch(_MINE, principal.actor, clock.now())
    return [
        MyRequest(
            **{
                **{name: row[name] for name in row if name != "asked_at"},
                "status": RequestStatus(row["status"]),
                "answer_by": answer_by(row["starts"], row["asked_at"]),
            }
        )
        for row in rows
    ]


async def askers(assignment_id: int) -> Sequence[Asker]:
    """Return who asks, in the order of asking; for who answers for the station, who checks that before."""
    rows = await database.fetch(_ASKERS, assignment_id, clock.now())
    if not rows:
        return []
    seats = await loading.seats(row["position_id"] for row in rows)
    people = await loading.candidates([row["person_id"] for row in rows], seats.values(), with_windows=True)
    now, found = clock.now(), []
    for row in rows:
        seat, person = seats[row.pop("position_id")], people[row.pop("person_id")]
        reasons = against(reasons_against(seat, person, now, Origin.CHOSEN))
        metres = distance_m(person.home, (seat.at.east_m, seat.at.north_m))
        names = tuple(REASON_NAMES[reason] for reason in reasons)
        found.append(Asker(**row, metres=metres, hints=hints_about(seat, person), reasons=names))
    return found


async def asking_for(assignment_id: int) -> Unanswered | None:
    """Return how many wait to be chosen for one shift; None if nobody does."""
    row = await database.fetch_one(_ASKING_FOR, assignment_id)
    return Unanswered(**row) if row else None


async def unanswered(principal: Principal, most: int) -> list[Unanswered]:
    """Return the shifts for which people wait to be chosen at the person's places, soonest first."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch(_WAITING, scope.like_patterns(), clock.now(), most)
    return [Unanswered(**row) for row in rows]
