"""Coming every week: from a shift's page, on one's own page, and the station's invitation."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import WEEKDAYS
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.sign_ups.tags import REASON_NAMES
from volunteers.assignments.standing import queries, service
from volunteers.assignments.standing.forms import PauseForm, ProposeForm, TermForm
from volunteers.assignments.standing.rules import STATUS_NAMES, USUAL_TERM, StandingEvent
from volunteers.assignments.standing.service import Weekly
from volunteers.assignments.tags import WORDS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
STAFF = requires(Permission.ASSIGNMENT_PUBLISH)
FOLDER = "volunteers/assignments/standing"


@get("/assignments/{reference:str}/{number:int}/standing", guards=[VOLUNTEER])
async def weekly_form(reference: FromPath[str], number: FromPath[int]) -> Response[str]:
    """Show what coming every week means, and ask for how long."""
    today = clock.today()
    return await _weekly(reference, number, Form.empty(TermForm, valid_from=today, valid_until=today + USUAL_TERM))


@post("/assignments/{reference:str}/{number:int}/standing", guards=[VOLUNTEER])
async def come_weekly(
    request: Request[Any, Any, Any], reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Agree to come every week."""
    form = await Form.read(request, TermForm)
    offered = await queries.offered_by(reference, number)
    if offered is None:
        raise NotFound
    try:
        term = form.value
        weekly = Weekly(offered.pattern, number, offered.weekday, term.valid_from, term.valid_until)
        await service.come_every_week(principal, weekly)
    except DomainError as refusal:
        return await _weekly(reference, number, form.refused(refusal))
    return see_other("/my/standing", N_("约好了。已排出的班次能报的都为你报上了。"))


@get("/my/standing", guards=[VOLUNTEER])
async def my_standing(principal: CurrentPrincipal) -> Response[str]:
    """Show what one has agreed to each week, and what became of it."""
    return await page(
        f"{FOLDER}/mine.html",
        rows=await queries.my_standing(principal),
        status_names=STATUS_NAMES,
        reason_names=REASON_NAMES,
        weekdays=WEEKDAYS,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("每周都来"))],
        **WORDS,
    )


@post("/my/standing/{public_id:uuid}/agree", guards=[VOLUNTEER])
async def agree(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say yes to what a station proposed."""
    await service.answer(principal, public_id, StandingEvent.AGREE)
    return see_other("/my/standing", N_("约好了。已排出的班次能报的都为你报上了。"))


@post("/my/standing/{public_id:uuid}/decline", guards=[VOLUNTEER])
async def decline(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say no to what a station proposed."""
    await service.answer(principal, public_id, StandingEvent.DECLINE)
    return see_other("/my/standing", N_("已答复，谢谢。"))


@post("/my/standing/{public_id:uuid}/end", guards=[VOLUNTEER])
async def end_own(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Come no more each week."""
    await service.end(principal, public_id)
    return see_other("/my/standing", N_("已结束。已经报上的班次不变。"))


@post("/my/standing/{public_id:uuid}/pauses", guards=[VOLUNTEER])
async def take_days_off(
    request: Request[Any, Any, Any], public_id: FromPath[UUID], principal: CurrentPrincipal
) -> Redirect:
    """Take some days off."""
    form = (await Form.read(request, PauseForm)).value
    await service.pause(principal, public_id, form.first_day, form.last_day)
    return see_other("/my/standing", N_("已请假，这些天不会再为你报名。已经报上的请到任务页退出。"))


@post("/my/standing/{public_id:uuid}/pauses/{pause_id:uuid}/end", guards=[VOLUNTEER])
async def take_days_back(public_id: FromPath[UUID], pause_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Come on these days after all."""
    await service.resume(principal, public_id, pause_id)
    return see_other("/my/standing", N_("已销假。还有空位的班次已为你报上。"))


@post("/station/patterns/{pattern:uuid}/standing", guards=[STAFF])
async def propose(request: Request[Any, Any, Any], pattern: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Ask a volunteer to come every week."""
    said = (await Form.read(request, ProposeForm)).value
    weekly = Weekly(pattern, said.position, said.weekday, clock.today(), said.valid_until)
    await service.propose(principal, weekly, said.who)
    return see_other(f"/station/patterns/{pattern}", N_("已发出邀请，本人答应后生效。"))


@post("/station/patterns/{pattern:uuid}/standing/{public_id:uuid}/end", guards=[STAFF])
async def end_at_station(pattern: FromPath[UUID], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """End what was agreed, as the station says."""
    await service.end(principal, public_id)
    return see_other(f"/station/patterns/{pattern}", N_("已结束，也通知了本人。"))


async def _weekly(reference: str, number: int, form: Form[TermForm]) -> Response[str]:
    offered = await queries.offered_by(reference, number)
    if offered is None:
        raise NotFound
    return await page(
        f"{FOLDER}/weekly.html",
        form=form,
        offered=offered,
        order=await queries.public_order(offered),
        reference=reference,
        weekdays=WEEKDAYS,
        crumbs=[
            Crumb(N_("做志愿"), "/assignments"),
            Crumb(reference, f"/assignments/{reference}"),
            Crumb(N_("每周都来")),
        ],
    )
