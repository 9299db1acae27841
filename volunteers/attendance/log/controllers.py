"""The log of one's own shift: counters, a line, done."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal
from app.web.pages import page, see_other
from volunteers.attendance.checking_in.controllers import VOLUNTEER
from volunteers.attendance.log import queries, service
from volunteers.attendance.log.forms import LogForm
from volunteers.attendance.log.rules import MATTER_NAMES


@get("/my/assignments/{public_id:uuid}/log", guards=[VOLUNTEER])
async def log(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show the counters of one's shift."""
    found = await queries.my_log(principal, public_id)
    counts = {matter.value: number for matter, number in found.counts.items()}
    return await _page(principal, public_id, Form.empty(LogForm, **counts, note=found.note))


@post("/my/assignments/{public_id:uuid}/log", guards=[VOLUNTEER])
async def write(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Keep what was done."""
    form = await Form.read(request, LogForm)
    try:
        await service.write_log(principal, public_id, form.value.counts, form.value.note)
    except DomainError as refusal:
        return await _page(principal, public_id, form.refused(refusal))
    return see_other(f"/my/assignments/{public_id}/today", N_("记录好了。站点确认前都能再改。"))


async def _page(principal: Principal, public_id: UUID, form: Form[LogForm]) -> Response[str]:
    return await page(
        "volunteers/attendance/log/log.html",
        form=form,
        log=await queries.my_log(principal, public_id),
        matters=MATTER_NAMES,
        crumbs=[
            Crumb(N_("我的任务"), "/my/assignments"),
            Crumb(N_("当天"), f"/my/assignments/{public_id}/today"),
            Crumb(N_("值班记录")),
        ],
    )
