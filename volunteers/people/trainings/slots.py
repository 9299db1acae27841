"""What trainings add to other pages."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.people.queries import own_person_id
from volunteers.people.trainings import queries
from volunteers.people.trainings.tags import OWN_TAGS


async def on_profile(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.main``: what one has completed."""
    if not principal.can(Permission.VOLUNTEER_SELF) or await own_person_id(principal) is None:
        return None
    rows = [row for row in await queries.offered(principal) if row.completed_on]
    return Fill("volunteers/people/trainings/card.html", {"rows": rows, "own_tags": OWN_TAGS})
