"""The station adds somebody beyond the quota, and moves them into a seat that became free."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal
from app.web.pages import page, see_other
from volunteers.assignments.over_quota import service
from volunteers.assignments.over_quota.forms import AddForm
from volunteers.assignments.queries import AssignmentPage, position_id
from volunteers.assignments.requests.controllers import STAFF, own_shift


@get("/station/shifts/{reference:str}/over-quota", guards=[STAFF])
async def add_form(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show the form for one person more."""
    shift = await own_shift(principal, reference)
    full = next((position.number for position in shift.positions if not position.free), 1)
    return await _form(shift, Form.empty(AddForm, position=full))


@post("/station/shifts/{reference:str}/over-quota", guards=[STAFF])
async def add(request: Request[Any, Any, Any], reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Add one person more than there are seats."""
    shift, form = await own_shift(principal, reference), await Form.read(request, AddForm)
    try:
        said = form.value
        await service.add_beyond_quota(principal, await position_id(reference, said.position), said.who, said.reason)
    except DomainError as refusal:
        return await _form(shift, form.refused(refusal), getattr(refusal, "reasons", ()))
    return see_other(f"/station/shifts/{reference}", N_("已超额加入，也通知了本人。"))


@post("/station/sign-ups/{public_id:uuid}/seat", guards=[STAFF])
async def seat(request: Request[Any, Any, Any], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Move somebody beyond the quota into a free seat."""
    await service.move_into_seat(principal, public_id)
    shift = str((await request.form()).get("shift", ""))
    return see_other(
        f"/station/shifts/{shift}" if shift.isascii() and "/" not in shift else "/station", N_("已转为正式名额。")
    )


async def _form(shift: AssignmentPage, form: Form[AddForm], reasons: Any = ()) -> Response[str]:
    return await page(
        "volunteers/assignments/over_quota/add.html",
        form=form,
        shift=shift,
        reasons=reasons,
        position_options=[(position.number, localized(position, "role")) for position in shift.positions],
        crumbs=[
            Crumb(N_("站点"), "/station"),
            Crumb(shift.reference, f"/station/shifts/{shift.reference}"),
            Crumb(N_("超额加人")),
        ],
    )
