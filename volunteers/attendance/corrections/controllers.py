"""The record of an attendance: the person reads it, the station puts it right."""

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
from volunteers.attendance.checking_in.controllers import CONFIRMS, VOLUNTEER
from volunteers.attendance.corrections import queries, service
from volunteers.attendance.corrections.forms import CorrectionForm
from volunteers.attendance.rules import OUTCOME_NAMES, Presence
from volunteers.attendance.tags import OUTCOME_TAGS

TEMPLATE = "volunteers/attendance/corrections/record.html"


@get("/my/assignments/{public_id:uuid}/record", guards=[VOLUNTEER])
async def mine(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show what the station confirmed about one's shift, and each correction."""
    crumbs = [Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("到场记录"))]
    record = await queries.my_record(principal, public_id)
    return await page(TEMPLATE, record=record, corrects=False, crumbs=crumbs, outcome_tags=OUTCOME_TAGS)


@get("/station/sign-ups/{public_id:uuid}/record", guards=[CONFIRMS])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show a record with the form to put it right."""
    now = (await queries.record_for_station(principal, public_id)).now
    times = {"arrived_at": now.arrived_at, "left_at": now.left_at, "people_served": now.people_served}
    return await _page(principal, public_id, Form.empty(CorrectionForm, outcome=now.outcome, **times))


@post("/station/sign-ups/{public_id:uuid}/record", guards=[CONFIRMS])
async def correct(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Put a record right."""
    form = await Form.read(request, CorrectionForm)
    try:
        wanted = form.value
        said = Presence(public_id, wanted.outcome, wanted.arrived_at, wanted.left_at, wanted.people_served)
        await service.correct(principal, said, wanted.reason)
    except DomainError as refusal:
        return await _page(principal, public_id, form.refused(refusal))
    return see_other(f"/station/sign-ups/{public_id}/record", N_("已更正，本人会收到通知。"))


async def _page(principal: Principal, public_id: UUID, form: Form[CorrectionForm]) -> Response[str]:
    record = await queries.record_for_station(principal, public_id)
    return await page(
        TEMPLATE,
        record=record,
        form=form,
        corrects=True,
        outcomes=OUTCOME_NAMES,
        outcome_tags=OUTCOME_TAGS,
        crumbs=[
            Crumb(N_("站点"), "/station"),
            Crumb(record.reference, f"/station/shifts/{record.reference}"),
            Crumb(N_("到场记录")),
        ],
    )
