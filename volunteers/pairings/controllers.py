"""The village's public page, and the page on which a person or a firm says yes or no."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from marketplace.places.queries import path_to, stations_around
from marketplace.places.rules import Level
from volunteers.pairings import service, views
from volunteers.pairings.forms import ReasonForm
from volunteers.pairings.tags import WORDS

PARTY = requires(Permission.VOLUNTEER_SELF, Permission.ORGANIZATION_SCHEDULE)
MINE = "/my/pairings"


@get("/places/{code:str}/lawyer", guards=[public])
async def village(code: FromPath[str]) -> Response[str]:
    """Show a village's lawyer or firm: the name, what they speak, when they come next, whom to call."""
    path = await path_to(code)
    if path[-1].level != Level.VILLAGE:
        raise NotFound
    # The village's own station, or its town's: the one that answers for it.
    stations = [one for one in await stations_around(code) if len(one.place_code) > len(path[1].code)]
    return await page(
        "volunteers/pairings/village.html",
        place=path[-1],
        path=path,
        pairings=await views.of_village(code),
        visits=await views.planned_visits(code),
        station=stations[-1] if stations else None,
        crumbs=[
            Crumb(N_("地区"), "/places"),
            *(Crumb(localized(one, "name"), f"/places/{one.code}") for one in path[1:]),
            Crumb(N_("村社的律师")),
        ],
        **WORDS,
    )


@get(MINE, guards=[PARTY])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show the villages that one comes to, and what one is asked."""
    return await _mine(principal, Form.empty(ReasonForm))


@post("/my/pairings/{public_id:uuid}/agree", guards=[PARTY])
async def agree(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say yes with one tap."""
    await service.agree(principal, public_id)
    return see_other(MINE, N_("结对成功，村社页上已能看到。"))


@post("/my/pairings/{public_id:uuid}/decline", guards=[PARTY])
async def decline(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Say no, with a reason."""
    form = await Form.read(request, ReasonForm)
    try:
        await service.decline(principal, public_id, form.value.reason)
    except DomainError as refusal:
        return await _mine(principal, form.refused(refusal))
    return see_other(MINE, N_("已答复。"))


async def _mine(principal: CurrentPrincipal, form: Form[ReasonForm]) -> Response[str]:
    goes_out = principal.can(Permission.ASSIGNMENT_SIGN_UP)
    home = [Crumb(N_("我的任务"), "/my/assignments")] if goes_out else []
    return await page(
        "volunteers/pairings/mine.html",
        form=form,
        rows=await views.mine(principal),
        crumbs=[*home, Crumb(N_("结对的村社"))],
        **WORDS,
    )
