"""Standing in line, leaving it, and the line as everybody may read it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.assignments.queries import assignment_page, position_id
from volunteers.assignments.sign_ups.tags import REASON_NAMES
from volunteers.assignments.waiting import queries, service
from volunteers.assignments.waiting.forms import MoveForm
from volunteers.assignments.waiting.rules import STATUS_NAMES

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
STAFF = requires(Permission.ASSIGNMENT_PUBLISH)


@post("/assignments/{reference:str}/{number:int}/wait", guards=[VOLUNTEER])
async def join(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Redirect:
    """Stand in line with one tap."""
    await service.join_line(principal, await position_id(reference, number))
    return see_other(f"/assignments/{reference}", N_("已排上候补。有空位时会发短信给你。"))


@post("/waiting/{public_id:uuid}/leave", guards=[VOLUNTEER])
async def leave(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Give up one's place in line."""
    await service.leave_line(principal, public_id)
    return see_other("/my/assignments", N_("已退出候补。"))


@get("/assignments/{reference:str}/waiting", guards=[public])
async def line(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show who waits in which order, by family name, and every exception with its reason."""
    return await _line(reference, principal.can(Permission.ASSIGNMENT_PUBLISH))


@post("/assignments/{reference:str}/waiting/move", guards=[STAFF])
async def move(request: Request[Any, Any, Any], reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Put somebody at another place, for a reason that stands on the page from then on."""
    form = await Form.read(request, MoveForm)
    try:
        wanted = form.value
        await service.move_in_line(principal, wanted.entry, wanted.place, wanted.reason)
    except DomainError as refusal:
        return await _line(reference, True, form.refused(refusal))
    return see_other(f"/assignments/{reference}/waiting", N_("顺序已调整，原因已公开。"))


async def _line(reference: str, may_move: bool, form: Form[MoveForm] | None = None) -> Response[str]:
    found, order = await assignment_page(reference), await queries.public_order(reference)
    return await page(
        "volunteers/assignments/waiting/line.html",
        form=form or Form.empty(MoveForm),
        assignment=found,
        order=order,
        in_line=[(one.public_id, f"{one.place} · {one.name}") for one in order if one.place],
        exemptions=await queries.exemptions(reference),
        may_move=may_move,
        status_names=STATUS_NAMES,
        reason_names=REASON_NAMES,
        crumbs=[Crumb(N_("做志愿"), "/assignments"), Crumb(found.reference, f"/assignments/{reference}"),
                Crumb(N_("候补名单"))],
    )  # fmt: skip
