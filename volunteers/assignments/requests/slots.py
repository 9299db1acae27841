"""What requests add to the pages of assignments, of the person, and of the station's workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from app.web.slots import Fill
from volunteers.assignments.requests import queries
from volunteers.assignments.requests.rules import STATUS_NAMES

FOLDER = "volunteers/assignments/requests"
MOST = 5


async def on_position(principal: Principal, position_id: int) -> Fill | None:
    """Fill ``assignment_page.position``: ask for the seat, or take the request back."""
    if not principal.signed_in or not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    found = await queries.on_position(principal, position_id)
    if found is None or not (found.own or found.open_to):
        return None
    return Fill(f"{FOLDER}/position.html", {"found": found})


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.main``: what one asked for."""
    rows = await queries.my_requests(principal)
    return Fill(f"{FOLDER}/own.html", {"rows": rows, "status_names": STATUS_NAMES}) if rows else None


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.aside``: how many ask, and the way to choose."""
    if not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return None
    found = await queries.asking_for(assignment_id)
    return Fill(f"{FOLDER}/shift.html", {"found": found}) if found else None


async def requests_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return the shifts for which people wait to be chosen, for the workbench."""
    if not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return []
    return [
        Waiting(
            Tag("need", N_("待选人")),
            Message(N_("%(count)s 人申请“%(title)s”"), {"count": row.asking, "title": localized(row, "title")}),
            N_("选上的、没选上的都会收到通知。"),
            Action(N_("去选人"), f"/station/shifts/{row.reference}/requests"),
            row.since,
        )
        for row in await queries.unanswered(principal, MOST)
    ]
