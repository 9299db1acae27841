"""What reminders add to the profile."""

from app.core.access import Principal
from app.web.slots import Fill
from volunteers.assignments.reminders import queries


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.main``: when one is reminded."""
    moments = await queries.my_moments(principal)
    return Fill("volunteers/assignments/reminders/own.html", {"moments": moments})
