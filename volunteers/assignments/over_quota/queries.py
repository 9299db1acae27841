"""Who is on a shift beyond its quota, for the station."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from volunteers.assignments.sign_ups.rules import SignUpStatus


@dataclass(frozen=True, slots=True)
class Beyond:
    """One decision: who was added, by whom, why; ``over`` until they have a seat, which they may if one is free."""

    public_id: UUID
    name: str
    role_zh: str
    role_en: str
    status: SignUpStatus
    over: bool
    seat_free: bool
    reason: str
    decided_by: str
    decided_at: datetime


_BEYOND = """
SELECT s.public_id, person.name, p.role_zh, p.role_en, s.status, s.over_quota AND s.live AS over,
       s.over_quota AND s.status IN ('confirmed', 'checked_in') AND p.booked < p.capacity AS seat_free,
       q.reason, account.display_name AS decided_by, q.decided_at
FROM sign_up s JOIN over_quota q ON q.sign_up_id = s.id JOIN position p ON p.id = s.position_id
JOIN person ON person.id = s.person_id JOIN account ON account.id = q.decided_by
WHERE s.assignment_id = $1 ORDER BY q.id
"""


async def beyond_quota(assignment_id: int) -> list[Beyond]:
    """Return everybody who was added to a shift beyond its quota, in the order of the decisions."""
    rows = await database.fetch(_BEYOND, assignment_id)
    return [Beyond(**{**row, "status": SignUpStatus(row["status"])}) for row in rows]
