"""What companions add to the pages of assignments and of the person."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.assignments.companions import queries

FOLDER = "volunteers/assignments/companions"


async def on_position(principal: Principal, position_id: int) -> Fill | None:
    """Fill ``assignment_page.position``: invite friends, or see who has agreed."""
    if not principal.signed_in or not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    found = await queries.on_position(principal, position_id)
    return Fill(f"{FOLDER}/on_position.html", {"found": found}) if found else None


async def open_groups(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.first``: with whom one is going, and who is still awaited."""
    rows = await queries.my_open_groups(principal)
    return Fill(f"{FOLDER}/mine.html", {"rows": rows}) if rows else None
