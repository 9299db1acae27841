"""What messages add to the pages of the shift: to the station's, to the assignment's, to that of the day."""

from app.core import database
from app.core.access import Permission, Principal
from app.web.forms import Form
from app.web.slots import Fill
from volunteers.assignments.messages import queries
from volunteers.assignments.messages.forms import MessageForm

FOLDER = "volunteers/assignments/messages"


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.main``: what was said so far, and room for one message more."""
    if not principal.can(Permission.ATTENDANCE_CONFIRM) and not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return None
    found = await queries.on_shift(assignment_id)
    if not found.people and not found.messages:
        return None
    return Fill(f"{FOLDER}/shift.html", {"found": found, "form": Form.empty(MessageForm)})


async def on_assignment(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``assignment_page.main``: what the station said to the person."""
    if not principal.signed_in:
        return None
    messages = await queries.said_to_me(principal, assignment_id)
    return Fill(f"{FOLDER}/said.html", {"messages": messages}) if messages else None


async def on_day(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``day_page.main``: the same, on the way there."""
    assignment_id = await database.fetch_value("SELECT assignment_id FROM sign_up WHERE id = $1", sign_up_id)
    return await on_assignment(principal, assignment_id)
