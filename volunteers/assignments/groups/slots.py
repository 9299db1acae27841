"""What groups add to the pages of shifts and of an organization's schedule."""

from app.core import clock, database
from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.assignments.groups.queries import groups_ahead

FOLDER = "volunteers/assignments/groups"
_OPEN = """
SELECT a.reference, p.number FROM position p JOIN assignment a ON a.id = p.assignment_id
WHERE p.id = $1 AND a.status = 'open' AND a.starts > $2 AND a.sign_up_mode = 'instant' AND p.booked < p.capacity
"""


async def on_position(principal: Principal, position_id: int) -> Fill | None:
    """Fill ``assignment_page.position``: to who plans for an organization, the way to sign its people up."""
    if not principal.can(Permission.ORGANIZATION_SCHEDULE):
        return None
    found = await database.fetch_one(_OPEN, position_id, clock.now())
    return Fill(f"{FOLDER}/on_position.html", {"found": found}) if found else None


async def on_schedule(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``organization_schedule.main``: the groups whose shifts lie ahead."""
    rows = await groups_ahead(principal)
    return Fill(f"{FOLDER}/on_schedule.html", {"rows": rows}) if rows else None
