"""Asking for a seat with one tap, and the station's page on which it chooses."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.queries import AssignmentPage, assignment_page, position_id
from volunteers.assignments.requests import queries, service
from volunteers.assignments.requests.forms import AnswerForm, AskForm
from volunteers.assignments.sign_ups.rules import HINT_NAMES

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
STAFF = requires(Permission.ASSIGNMENT_PUBLISH)


@post("/assignments/{reference:str}/{number:int}/request", guards=[VOLUNTEER])
async def ask(
    request: Request[Any, Any, Any], reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Redirect:
    """Ask for a seat."""
    form = await Form.read(request, AskForm)
    await service.ask(principal, await position_id(reference, number), form.value.note)
    return see_other(f"/assignments/{reference}", N_("已申请。站点答复后马上通知你。"))


@post("/requests/{public_id:uuid}/withdraw", guards=[VOLUNTEER])
async def take_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take one's own request back."""
    await service.take_back(principal, public_id)
    return see_other("/my/assignments", N_("已撤回申请。"))


@get("/station/shifts/{reference:str}/requests", guards=[STAFF])
async def requests(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show who asks for a shift, with what helps to choose."""
    return await _requests(await own_shift(principal, reference), Form.empty(AnswerForm))


@post("/station/shifts/{reference:str}/requests/choose", guards=[STAFF])
async def choose(
    request: Request[Any, Any, Any], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Give those who were ticked their seats."""
    shift, form = await own_shift(principal, reference), await Form.read(request, AnswerForm)
    try:
        chosen = await service.choose(principal, form.value.requests, all_or_none=form.value.all_or_none)
    except DomainError as refusal:
        return await _requests(shift, form.refused(refusal))
    if chosen.refused:
        told = N_("选上 %(taken)s 人。现在不能来的：%(names)s。")
        return see_other(_path(reference), told, taken=chosen.taken, names="、".join(chosen.refused))
    return see_other(_path(reference), N_("选上 %(taken)s 人，已通知。"), taken=chosen.taken)


@post("/station/shifts/{reference:str}/requests/decline", guards=[STAFF])
async def decline(
    request: Request[Any, Any, Any], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Say no to those who were ticked, with a reason."""
    shift, form = await own_shift(principal, reference), await Form.read(request, AnswerForm)
    try:
        count = await service.decline(principal, form.value.requests, form.value.reason)
    except DomainError as refusal:
        return await _requests(shift, form.refused(refusal))
    return see_other(_path(reference), N_("已答复 %(count)s 人。"), count=count)


async def own_shift(principal: Principal, reference: str) -> AssignmentPage:
    """Return a shift of a station that the person publishes for."""
    found = await assignment_page(reference)
    principal.scope(Permission.ASSIGNMENT_PUBLISH).require_place(found.station_code)
    return found


async def _requests(shift: AssignmentPage, form: Form[AnswerForm]) -> Response[str]:
    return await page(
        "volunteers/assignments/requests/choose.html",
        status=form.status if form.refusal else None,
        shift=shift,
        askers=await queries.askers(shift.id),
        ticked={str(one) for one in form.text("requests") or []},
        form=form,
        hint_names=HINT_NAMES,
        crumbs=[
            Crumb(N_("站点"), "/station"),
            Crumb(shift.reference, f"/station/shifts/{shift.reference}"),
            Crumb(N_("申请")),
        ],
    )


def _path(reference: str) -> str:
    return f"/station/shifts/{reference}/requests"
