"""An organization signs its people up for a shift, from the shift's page or from its own schedule."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.groups import queries, service
from volunteers.assignments.groups.forms import GroupForm
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.tags import REASON_NAMES

MEMBERS = requires(Permission.ORGANIZATION_SCHEDULE)


@get("/organization/assignments/{reference:str}/{number:int}/group", guards=[MEMBERS])
async def group_form(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Response[str]:
    """Show the organization's people, each with what stands against them on this position."""
    return await _group(principal, reference, number, Form.empty(GroupForm, all_or_none=True))


@post("/organization/assignments/{reference:str}/{number:int}/group", guards=[MEMBERS])
async def sign_group_up(
    request: Request[Any, Any, Any], reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Sign up those who were ticked."""
    form = await Form.read(request, GroupForm)
    try:
        position = await _position(reference, number)
        done = await service.sign_up_group(principal, position, form.value.members, all_or_none=form.value.all_or_none)
    except DomainError as refusal:
        return await _group(principal, reference, number, form.refused(refusal), getattr(refusal, "reasons", ()))
    path = f"/organization/assignments/{reference}/{number}/group"
    if done.refused:
        told = N_("报上 %(taken)s 人，也通知了本人。没报上的：%(names)s，原因见下面。")
        return see_other(path, told, "wait", taken=done.taken, names="、".join(done.refused))
    return see_other(path, N_("报上 %(taken)s 人，也通知了本人。"), taken=done.taken)


async def _position(reference: str, number: int) -> int:
    shift = await assignment_page(reference)
    found = next((position.id for position in shift.positions if position.number == number), None)
    if found is None or shift.status is AssignmentStatus.DRAFT:
        raise NotFound
    return found


async def _group(
    principal: Principal, reference: str, number: int, form: Form[GroupForm], reasons: Any = ()
) -> Response[str]:
    shift, position_id = await assignment_page(reference), await _position(reference, number)
    return await page(
        "volunteers/assignments/groups/group.html",
        form=form,
        shift=shift,
        position=next(position for position in shift.positions if position.id == position_id),
        members=await queries.members_for(principal, position_id),
        ticked={str(one) for one in form.text("members") or []},
        reasons=reasons,
        reason_names=REASON_NAMES,
        crumbs=[
            Crumb(N_("成员排班"), "/organization/schedule"),
            Crumb(localized(shift, "title"), f"/assignments/{reference}"),
            Crumb(N_("组队报名")),
        ],
    )
