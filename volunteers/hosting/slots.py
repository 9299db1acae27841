"""What hosting adds to the profile."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.hosting import queries
from volunteers.people.queries import own_person_id


async def on_profile(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.main``: who may act for the person; nothing while nobody may and there is no host."""
    if not principal.can(Permission.VOLUNTEER_SELF) or await own_person_id(principal) is None:
        return None
    rows = [row for row in await queries.my_consents(principal) if row.revoked_at is None]
    if not rows and not await queries.hosts_to_agree_with(principal):
        return None
    return Fill("volunteers/hosting/card.html", {"rows": rows})
