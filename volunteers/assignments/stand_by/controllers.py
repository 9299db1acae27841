"""One's own stand-bys, and offering one with a tap."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.queries import position_id
from volunteers.assignments.stand_by import queries, service
from volunteers.assignments.stand_by.forms import WeeklyForm
from volunteers.assignments.stand_by.rules import PART_NAMES

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
HOME = "/my/stand-by"


@get(HOME, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show where the person would step in."""
    return await _mine(principal, Form.empty(WeeklyForm))


@post(HOME, guards=[VOLUNTEER])
async def offer_weekly(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Be called first in a part of each week at a station."""
    form = await Form.read(request, WeeklyForm)
    try:
        wanted = form.value
        await service.stand_by_at(principal, wanted.station, wanted.weekday, wanted.part)
    except DomainError as refusal:
        return await _mine(principal, form.refused(refusal))
    return see_other(HOME, N_("谢谢！有人来不了时先问你，来不来由你定。"))


@post("/assignments/{reference:str}/{number:int}/stand-by", guards=[VOLUNTEER])
async def offer(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Redirect:
    """Be called first for one shift."""
    await service.stand_by_for(principal, await position_id(reference, number))
    return see_other(f"/assignments/{reference}", N_("谢谢！有人来不了时先问你，来不来由你定。"))


@post("/stand-by/{public_id:uuid}/end", guards=[VOLUNTEER])
async def end(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take an offer back."""
    await service.end_stand_by(principal, public_id)
    return see_other(HOME, N_("已取消替补。"))


async def _mine(principal: Principal, form: Form[WeeklyForm]) -> Response[str]:
    stations = await queries.near_stations(principal)
    return await page(
        "volunteers/assignments/stand_by/mine.html",
        status=form.status if form.refusal else None,
        rows=await queries.my_stand_bys(principal),
        form=form,
        stations=[(one.id, _named(one)) for one in stations],
        weekdays=dict(enumerate(WEEKDAYS)),
        part_names=PART_NAMES,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("替补"))],
    )


def _named(one: queries.NearStation) -> str:
    return f"{localized(one, 'name')} · {one.metres / 1000:.1f} km"
