"""Reading who a plan sends where, by place and day; for planners, who know these people by name."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.database import Row
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.dispatch.results import Outcome

SeatKey = tuple[datetime, str, int, UUID]
"""Where a row stands in the list: start, the assignment's reference, the position's number, the person."""


@dataclass(frozen=True, slots=True)
class SeatFilter:
    """Which rows of a plan are asked for; ``kept`` None takes sign-ups that the plan only confirms as well."""

    place_code: str = ""
    day: date | None = None
    name: str = ""
    outcome: Outcome | None = None
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class SeatView:
    """Somebody on a seat of the plan."""

    person: UUID
    name: str
    reference: str
    number: int
    role_zh: str
    role_en: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    kept: bool
    outcome: Outcome
    sign_up: SignUpStatus | None
    """How the latest sign-up stands on this seat, once the person was sent."""


@dataclass(frozen=True, slots=True)
class PlaceOfPlan:
    """A place directly below the planned one to which somebody is sent."""

    code: str
    name_zh: str
    name_en: str


_SEATS = """
SELECT person.public_id AS person, person.name, a.reference, p.number, p.role_zh, p.role_en, a.kind, a.title_zh,
       a.title_en, a.starts, a.ends, a.green, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, d.pinned AS kept, d.outcome,
       CASE WHEN d.outcome = 'sent' THEN (
           SELECT s.status FROM sign_up s WHERE s.position_id = p.id AND s.person_id = person.id
           ORDER BY s.live DESC, s.id DESC LIMIT 1) END AS sign_up
FROM dispatch_proposal d JOIN dispatch_run r ON r.id = d.run_id JOIN position p ON p.id = d.position_id
JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id JOIN person ON person.id = d.person_id
WHERE r.public_id = $1 AND place.code LIKE $2 || '%' AND ($3::timestamptz IS NULL OR a.starts >= $3 AND a.starts < $4)
  AND strpos(person.name, $5) > 0
  AND CASE $6 WHEN '' THEN d.outcome <> 'taken' ELSE d.outcome = $6 END AND ($7::boolean IS NULL OR d.pinned = $7)
  AND ($8::timestamptz IS NULL OR (a.starts, a.reference, p.number, person.public_id) > ($8, $9, $10, $11))
ORDER BY a.starts, a.reference, p.number, person.public_id LIMIT $12
"""


async def seats_of(run: UUID, asked: SeatFilter, after: SeatKey | None = None, limit: int = 51) -> list[SeatView]:
    """Return who goes where, in order of time."""
    begins = clock.at_local(asked.day, time.min) if asked.day else None
    rows = await database.fetch(
        _SEATS,
        *(run, asked.place_code, begins, begins + timedelta(days=1) if begins else None, asked.name),
        *(asked.outcome or "", asked.kept, *(after or (None,) * 4), limit),
    )
    return [_seat(row) for row in rows]


async def places_of(run: UUID, code_length: int) -> list[PlaceOfPlan]:
    """Return the places of one level to which the plan sends somebody."""
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place WHERE code IN (
               SELECT left(at.code, $2) FROM dispatch_proposal d JOIN dispatch_run r ON r.id = d.run_id
               JOIN position p ON p.id = d.position_id JOIN assignment a ON a.id = p.assignment_id
               JOIN place at ON at.id = a.place_id WHERE r.public_id = $1) ORDER BY code""",
        run,
        code_length,
    )
    return [PlaceOfPlan(**row) for row in rows]


def _seat(row: Row) -> SeatView:
    sign_up = SignUpStatus(row["sign_up"]) if row["sign_up"] else None
    return SeatView(**{**row, "kind": Kind(row["kind"]), "outcome": Outcome(row["outcome"]), "sign_up": sign_up})
