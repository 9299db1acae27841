"""Whom an organization could send, each with what stands against it; and the groups it has sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import reasons_against
from volunteers.assignments.sign_ups.rules import Origin, Reason

MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One of the organization's people: may they have the seat, have they it already, and if not why not."""

    public_id: UUID
    name: str
    organization_zh: str
    organization_en: str
    on_it: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A group that was signed up, and how many of it are still coming."""

    public_id: UUID
    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    wanted: int
    seated: int
    coming: int


_MEMBERS = """
SELECT person.id, person.public_id, person.name, o.name_zh AS organization_zh, o.name_en AS organization_en
FROM person JOIN organization o ON o.id = person.organization_id
WHERE person.organization_id = ANY ($1) AND person.status <> 'left' ORDER BY person.name, person.id LIMIT $2
"""
_SENT = """
SELECT g.public_id, a.reference, a.title_zh, a.title_en, a.starts, a.ends, g.wanted, count(*)::integer AS seated,
       count(*) FILTER (WHERE s.live)::integer AS coming
FROM group_sign_up g JOIN assignment a ON a.id = g.assignment_id JOIN group_member m ON m.group_id = g.id
JOIN sign_up s ON s.id = m.sign_up_id
WHERE g.organization_id = ANY ($1) AND a.ends > $2 GROUP BY g.id, a.id ORDER BY a.starts, g.id LIMIT 100
"""


async def members_for(principal: Principal, position_id: int) -> list[Member]:
    """Return the people of one's organizations for a position, those who may come first."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    rows = await database.fetch(_MEMBERS, list(scope.organization_ids), MOST_MEMBERS)
    if not rows:
        return []
    seats = await loading.seats([position_id])
    seat, now = seats[position_id], clock.now()
    people = await loading.candidates([row["id"] for row in rows], seats.values())
    found = []
    for row in rows:
        reasons = reasons_against(seat, people[row.pop("id")], now, Origin.GROUP)
        on_it = Reason.ALREADY_SIGNED_UP in reasons
        found.append(Member(**row, on_it=on_it, reasons=() if on_it else tuple(reasons)))
    return sorted(found, key=lambda one: (bool(one.reasons), one.on_it))


async def groups_ahead(principal: Principal) -> list[Sent]:
    """Return the groups of one's organizations whose shifts lie ahead."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    return [Sent(**row) for row in await database.fetch(_SENT, list(scope.organization_ids), clock.now())]
