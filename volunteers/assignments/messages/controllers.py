"""The station writes to everybody on a shift."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.messages import queries, service
from volunteers.assignments.messages.forms import MessageForm
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.sign_ups.queries import station_scope

STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)


@get("/station/shifts/{reference:str}/messages", guards=[STAFF])
async def messages(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what was said about a shift, with room for more."""
    return await _messages(principal, reference, Form.empty(MessageForm))


@post("/station/shifts/{reference:str}/messages", guards=[STAFF])
async def write(
    request: Request[Any, Any, Any], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Send a message to everybody on a shift."""
    form = await Form.read(request, MessageForm)
    try:
        said = form.value
        people = await service.write_to_everybody(principal, reference, said.body, to_waiting=said.to_waiting)
    except DomainError as refusal:
        return await _messages(principal, reference, form.refused(refusal))
    return see_other(f"/station/shifts/{reference}", N_("已发给 %(people)s 人。"), people=people)


async def _messages(principal: Principal, reference: str, form: Form[MessageForm]) -> Response[str]:
    shift = await assignment_page(reference)
    station_scope(principal).require_place(shift.station_code)
    return await page(
        "volunteers/assignments/messages/write.html",
        form=form,
        shift=shift,
        found=await queries.on_shift(shift.id),
        crumbs=[
            Crumb(N_("站点"), "/station"),
            Crumb(shift.reference, f"/station/shifts/{shift.reference}"),
            Crumb(N_("给大家发消息")),
        ],
    )
