"""What stand-bys add to the pages of assignments."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.assignments.stand_by import queries

FOLDER = "volunteers/assignments/stand_by"


async def on_position(principal: Principal, position_id: int) -> Fill | None:
    """Fill ``assignment_page.position``: offer to step in where every seat is taken, or take it back."""
    if not principal.signed_in or not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    found = await queries.on_position(principal, position_id)
    if found is None or not (found.own or found.open_to):
        return None
    return Fill(f"{FOLDER}/position.html", {"found": found})


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.main``: the shifts one stands by for."""
    rows = await queries.my_stand_bys(principal)
    return Fill(f"{FOLDER}/own.html", {"rows": rows}) if rows else None


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.aside``: who could be called at once."""
    if not principal.can(Permission.ATTENDANCE_CONFIRM) and not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return None
    people = await queries.ready_for(assignment_id)
    return Fill(f"{FOLDER}/shift.html", {"people": people}) if people else None
