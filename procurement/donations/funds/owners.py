"""The organizations that may own a fund: those that state a qualification for public fundraising."""

from app.core import database
from app.core.access import Permission, Principal

_OWNERS = """
SELECT DISTINCT o.public_id, o.name_zh FROM organization o JOIN place ON place.id = o.place_id
JOIN qualification q ON q.organization_id = o.id AND q.kind = 'public_fundraising'
WHERE place.code LIKE ANY ($1) AND o.status = 'verified' ORDER BY o.name_zh
"""


async def owners(principal: Principal) -> list[tuple[str, str]]:
    """Return (public id, name) of an officer's choices."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    rows = await database.fetch(_OWNERS, scope.like_patterns())
    return [(str(row["public_id"]), row["name_zh"]) for row in rows]
