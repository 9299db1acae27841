"""Reading what is locked of a week."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from volunteers.dispatch.engine.instance import Assignment


@dataclass(frozen=True, slots=True)
class LockView:
    """A person or a shift that the next plan keeps; ``seats`` is how many places that is."""

    public_id: UUID
    name: str
    reference: str
    title_zh: str
    title_en: str
    starts: datetime | None
    seats: int
    reason: str
    locked_by: str
    locked_at: datetime


_LOCKS = """
SELECT l.public_id, coalesce(person.name, '') AS name, coalesce(a.reference, '') AS reference,
       coalesce(a.title_zh, '') AS title_zh, coalesce(a.title_en, '') AS title_en, a.starts,
       (SELECT count(*)::integer FROM dispatch_lock_seat x WHERE x.lock_id = l.id) AS seats, l.reason,
       account.display_name AS locked_by, l.locked_at
FROM dispatch_lock l JOIN dispatch_run r ON r.id = l.run_id JOIN account ON account.id = l.locked_by
LEFT JOIN person ON person.id = l.person_id LEFT JOIN assignment a ON a.id = l.assignment_id
WHERE l.week_start = $1 AND r.covers && codes_below($2) AND l.removed_at IS NULL ORDER BY l.id
"""
# One seat of a shift is enough for a person, however many locks there are.
_LOCKED = """
SELECT DISTINCT ON (p.assignment_id, x.person_id) p.assignment_id, x.position_id, x.person_id
FROM dispatch_lock l JOIN dispatch_lock_seat x ON x.lock_id = l.id JOIN position p ON p.id = x.position_id
JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
WHERE l.week_start = $1 AND l.removed_at IS NULL AND place.code LIKE $2 || '%'
  AND NOT EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.person_id = x.person_id AND s.live)
ORDER BY p.assignment_id, x.person_id, l.id
"""


async def locks_of(principal: Principal, place_code: str, week_start: date) -> list[LockView]:
    """Return what is locked of a place's week."""
    principal.scope(Permission.DISPATCH_PLAN)
    return [LockView(**row) for row in await database.fetch(_LOCKS, week_start, place_code)]


async def locked_rows(place_code: str, week_start: date) -> list[Assignment]:
    """Return who is locked where, but for those who have signed up by now."""
    rows = await database.fetch(_LOCKED, week_start, place_code)
    return [Assignment(str(row["assignment_id"]), str(row["position_id"]), str(row["person_id"])) for row in rows]
