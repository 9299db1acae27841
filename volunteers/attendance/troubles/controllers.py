"""Reporting from the page of the day, and the coordinator's list with its answers."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from volunteers.attendance.checking_in.controllers import VOLUNTEER
from volunteers.attendance.troubles import queries, service
from volunteers.attendance.troubles.forms import AnswerForm, TroubleForm
from volunteers.attendance.troubles.rules import KIND_NAMES, STATUS_NAMES, TroubleStatus
from volunteers.attendance.troubles.tags import TROUBLE_TAGS

OFFICER = requires(Permission.CREDENTIAL_VERIFY)
FOLDER, HOME, SHOWN = "volunteers/attendance/troubles", "/troubles", 30


@get("/my/assignments/{public_id:uuid}/trouble", guards=[VOLUNTEER])
async def mine(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show what one reported about a shift, with the form to report."""
    return await _mine(principal, public_id, Form.empty(TroubleForm))


@post("/my/assignments/{public_id:uuid}/trouble", guards=[VOLUNTEER])
async def report(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Report."""
    form = await Form.read(request, TroubleForm)
    try:
        await service.report(principal, public_id, form.value.kind, form.value.words)
    except DomainError as refusal:
        return await _mine(principal, public_id, form.refused(refusal))
    return see_other(f"/my/assignments/{public_id}/trouble", N_("已报告给协调员，答复会通知你。"))


@get(HOME, guards=[OFFICER])
async def troubles(
    principal: CurrentPrincipal,
    status: FromQuery[str] = TroubleStatus.OPEN,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """List what people on shifts reported."""
    asked = TroubleStatus(status) if status in set(TroubleStatus) else None
    rows = await queries.troubles(principal, asked, decode_cursor(cursor, int), SHOWN + 1)
    return await page(
        f"{FOLDER}/list.html",
        part=sliced(rows, key=lambda row: row.id, size=SHOWN),
        status_asked=asked or "",
        statuses=STATUS_NAMES,
        kinds=KIND_NAMES,
        trouble_tags=TROUBLE_TAGS,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("情况报告"))],
    )


@get("/troubles/{public_id:uuid}", guards=[OFFICER])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one report."""
    return await _show(principal, public_id, Form.empty(AnswerForm))


@post("/troubles/{public_id:uuid}", guards=[OFFICER])
async def answer(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Answer one report."""
    form = await Form.read(request, AnswerForm)
    try:
        await service.answer(principal, public_id, form.value.answer)
    except DomainError as refusal:
        return await _show(principal, public_id, form.refused(refusal))
    return see_other(HOME, N_("已答复，本人会收到。"))


async def _mine(principal: Principal, public_id: UUID, form: Form[TroubleForm]) -> Response[str]:
    return await page(
        f"{FOLDER}/mine.html",
        form=form,
        shift=await queries.own_shift(principal, public_id),
        kinds=KIND_NAMES,
        trouble_tags=TROUBLE_TAGS,
        crumbs=[
            Crumb(N_("我的任务"), "/my/assignments"),
            Crumb(N_("当天"), f"/my/assignments/{public_id}/today"),
            Crumb(N_("报告情况")),
        ],
    )


async def _show(principal: Principal, public_id: UUID, form: Form[AnswerForm]) -> Response[str]:
    return await page(
        f"{FOLDER}/show.html",
        form=form,
        trouble=await queries.trouble(principal, public_id),
        kinds=KIND_NAMES,
        trouble_tags=TROUBLE_TAGS,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("情况报告"), HOME), Crumb(N_("处理"))],
    )
