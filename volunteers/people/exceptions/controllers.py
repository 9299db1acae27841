"""Days away and extra hours: a page for the thumb, and a card on the profile that leads to it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from volunteers.people.exceptions import queries, service
from volunteers.people.exceptions.forms import AwayForm, ExtraForm
from volunteers.people.exceptions.rules import KIND_NAMES, ExceptionKind
from volunteers.people.queries import own_person_id

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
HOME = "/my/exceptions"
TAGS = {
    ExceptionKind.AWAY: Tag("wait", KIND_NAMES[ExceptionKind.AWAY], "airplane"),
    ExceptionKind.FREE: Tag("done", KIND_NAMES[ExceptionKind.FREE], "plus-circle"),
}


@get(HOME, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show what departs from the weekly windows."""
    return await _mine(principal)


@post("/my/exceptions/away", guards=[VOLUNTEER])
async def say_away(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Be away for some days."""
    form = await Form.read(request, AwayForm)
    try:
        said = await service.say(principal, form.value.stretch(clock.now()))
    except DomainError as refusal:
        return await _mine(principal, away=form.refused(refusal))
    if said.seats:
        told = N_("已记下。这几天你还有 %(count)s 个任务，来不了请现在退出，好让别人补上。")
        return see_other("/my/assignments", told, "info", count=said.seats)
    return see_other(HOME, N_("已记下。这几天不会安排你，也不会叫你。"))


@post("/my/exceptions/extra", guards=[VOLUNTEER])
async def say_extra(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Be free once more."""
    form = await Form.read(request, ExtraForm)
    try:
        await service.say(principal, form.value.stretch(clock.now()))
    except DomainError as refusal:
        return await _mine(principal, extra=form.refused(refusal))
    return see_other(HOME, N_("已记下。这段时间也会为你推荐和安排。"))


@post("/my/exceptions/{public_id:uuid}/delete", guards=[VOLUNTEER])
async def take_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Forget one."""
    await service.take_back(principal, public_id)
    return see_other(HOME, N_("已删除。"))


async def on_profile(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.times``: what is said already, and the way to say more."""
    if await own_person_id(principal) is None:
        return None
    return Fill("volunteers/people/exceptions/card.html", {"rows": await queries.ahead(principal), "tags": TAGS})


async def _mine(principal: Principal, **forms: Form[Any]) -> Response[str]:
    refused = next(iter(forms.values()), None)
    shown = {"away": Form.empty(AwayForm), "extra": Form.empty(ExtraForm), **forms}
    return await page(
        "volunteers/people/exceptions/mine.html",
        status=refused.status if refused else None,
        rows=await queries.ahead(principal),
        forms=shown,
        tags=TAGS,
        crumbs=[Crumb(N_("我的资料"), "/my/profile"), Crumb(N_("不在和额外有空"))],
    )
