"""The organizations that may own a fund: those that state a qualification for public fundraising."""

from dataclasses import dataclass
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal

_OWNERS = """
SELECT DISTINCT o.public_id, o.name_zh, o.name_en FROM organization o JOIN place ON place.id = o.place_id
JOIN qualification q ON q.organization_id = o.id AND q.kind = 'public_fundraising'
WHERE place.code LIKE ANY ($1) AND o.status = 'verified' ORDER BY o.name_zh
"""


@dataclass(frozen=True, slots=True)
class PossibleOwner:
    """An organization to choose."""

    public_id: UUID
    name_zh: str
    name_en: str


async def owners(principal: Principal) -> list[PossibleOwner]:
    """Return an officer's choices."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    rows = await database.fetch(_OWNERS, scope.like_patterns())
    return [PossibleOwner(**row) for row in rows]
