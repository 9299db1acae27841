"""The rule for everybody, what was recorded for the person, and the station's desk for excuses."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.attendance.no_shows import queries, service
from volunteers.attendance.no_shows.forms import AnswerForm, ExcuseForm
from volunteers.attendance.no_shows.rules import VERDICT_NAMES
from volunteers.attendance.no_shows.tags import EXCUSE_TAGS, NO_SHOW_TAGS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
FOLDER = "volunteers/attendance/no_shows"
OWN, DESK = "/my/no-shows", "/station/excuses"


@get("/no-shows", guards=[public])
async def rule() -> Response[str]:
    """Show the written rule, and the next one where one is decided."""
    now, to_come = await queries.rule_now(), await queries.rule_to_come()
    crumbs = [Crumb(N_("做志愿"), "/assignments"), Crumb(N_("报了名不来"))]
    return await page(f"{FOLDER}/rule.html", now_in_force=now, to_come=to_come, crumbs=crumbs)


@get(OWN, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show what was recorded about the person, what follows, and how to object."""
    return await page(
        f"{FOLDER}/mine.html",
        rows=await queries.my_no_shows(principal),
        bar=await queries.my_bar(principal),
        rule=await queries.rule_now(),
        now=clock.now(),
        excuse_tags=EXCUSE_TAGS,
        no_show_tags=NO_SHOW_TAGS,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("未到场记录"))],
    )


@get("/my/no-shows/{public_id:uuid}", guards=[VOLUNTEER])
async def one(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one of them, with room to say why."""
    return await _one(principal, public_id, Form.empty(ExcuseForm))


@post("/my/no-shows/{public_id:uuid}", guards=[VOLUNTEER])
async def state(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Say why one did not come."""
    form = await Form.read(request, ExcuseForm)
    try:
        await service.state_excuse(principal, public_id, form.value.reason)
    except DomainError as refusal:
        return await _one(principal, public_id, form.refused(refusal))
    return see_other(f"{OWN}/{public_id}", N_("已收到你的说明，站点答复后马上通知你。"))


@post("/my/excuses/{public_id:uuid}/withdraw", guards=[VOLUNTEER])
async def take_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take an excuse back."""
    await service.withdraw_excuse(principal, public_id)
    return see_other(OWN, N_("已撤回说明。"))


@get(DESK, guards=[STAFF])
async def desk(principal: CurrentPrincipal) -> Response[str]:
    """Show the excuses that wait for an answer, and those answered lately."""
    return await page(
        f"{FOLDER}/desk.html",
        rows=await queries.excuses_to_answer(principal),
        answered=await queries.excuses_answered(principal),
        excuse_tags=EXCUSE_TAGS,
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("未到场的说明"))],
    )


@get("/station/excuses/{public_id:uuid}", guards=[STAFF])
async def excuse(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one excuse, with room for the answer."""
    return await _excuse(principal, public_id, Form.empty(AnswerForm))


@post("/station/excuses/{public_id:uuid}", guards=[STAFF])
async def answer(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Accept or refuse an excuse."""
    form = await Form.read(request, AnswerForm)
    try:
        await service.answer_excuse(principal, public_id, form.value.verdict, form.value.answer)
    except DomainError as refusal:
        return await _excuse(principal, public_id, form.refused(refusal))
    return see_other(DESK, N_("已答复，本人会收到通知。"))


async def _one(principal: Principal, public_id: UUID, form: Form[ExcuseForm]) -> Response[str]:
    row = await queries.my_no_show(principal, public_id)
    return await page(
        f"{FOLDER}/one.html",
        form=form,
        row=row,
        objects=row.may_object(clock.now()),
        excuse_tags=EXCUSE_TAGS,
        no_show_tags=NO_SHOW_TAGS,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("未到场记录"), OWN), Crumb(N_("说明"))],
    )


async def _excuse(principal: Principal, public_id: UUID, form: Form[AnswerForm]) -> Response[str]:
    return await page(
        f"{FOLDER}/answer.html",
        form=form,
        row=await queries.excuse_to_answer(principal, public_id),
        verdicts=VERDICT_NAMES,
        excuse_tags=EXCUSE_TAGS,
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("未到场的说明"), DESK), Crumb(N_("答复"))],
    )
