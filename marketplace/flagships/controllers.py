"""Pages of flagship projects: the public's by year, the officer's desk."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from marketplace.flagships import queries, rules, service
from marketplace.flagships.forms import DecideForm, PromiseForm
from marketplace.flagships.rules import FlagshipEvent, FlagshipStatus
from marketplace.products.areas import city_and_districts
from marketplace.products.content import UNIT_NAMES

OFFICER = requires(Permission.PRODUCT_REVIEW)
_TONES = {
    FlagshipStatus.PROPOSED: ("off", "pencil"),
    FlagshipStatus.ADOPTED: ("info", "flag"),
    FlagshipStatus.COMPLETED: ("done", ""),
    FlagshipStatus.DROPPED: ("off", ""),
}
TAGS = {status: Tag(tone, rules.STATUS_NAMES[status], symbol) for status, (tone, symbol) in _TONES.items()}
NAMES: dict[str, Any] = {"tags": TAGS, "unit_names": UNIT_NAMES}


@get("/projects", guards=[public])
async def projects(principal: CurrentPrincipal, year: FromQuery[int | None] = None) -> Response[str]:
    """Show the flagship projects of a year, each with how far it is."""
    chosen = year or clock.today().year
    return await page(
        "marketplace/flagships/list.html",
        year=chosen,
        years=sorted({chosen, *await queries.years()}, reverse=True),
        rows=await queries.of_year(chosen, adopted=not principal.can(Permission.PRODUCT_REVIEW)),
        **NAMES,
    )


@get("/projects/new", guards=[OFFICER])
async def propose_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty proposal."""
    return await _proposal(principal, Form.empty(PromiseForm, year=clock.today().year))


@post("/projects", guards=[OFFICER])
async def propose(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose a project."""
    form = await Form.read(request, PromiseForm)
    try:
        reference = await service.propose(principal, form.value.promise())
    except DomainError as refusal:
        return await _proposal(principal, form.refused(refusal))
    return see_other(f"/projects/{reference}", N_("已拟定，等待另一人确定。"))


@get("/projects/{reference:str}", guards=[public])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one project."""
    return await _show(principal, reference, Form.empty(DecideForm))


@post("/projects/{reference:str}/decide", guards=[OFFICER])
async def decide(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Adopt, complete or drop a project."""
    form = await Form.read(request, DecideForm)
    try:
        await service.decide(principal, reference, form.value.event, form.value.result_zh)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    return see_other(f"/projects/{reference}", N_("已办结。"))


async def _show(principal: Principal, reference: str, form: Form[DecideForm]) -> Response[str]:
    found = await queries.project(reference, adopted=not principal.can(Permission.PRODUCT_REVIEW))
    scope = principal.scopes.get(Permission.PRODUCT_REVIEW)
    possible = [event for (start, event) in rules.TRANSITIONS if start is found.status]
    if found.proposed_by == principal.account_id and FlagshipEvent.ADOPT in possible:
        possible.remove(FlagshipEvent.ADOPT)
    return await page(
        "marketplace/flagships/show.html",
        project=found,
        form=form,
        status=form.status,
        events={event: rules.EVENT_NAMES[event] for event in possible},
        decides=bool(scope and scope.covers_place(found.place_code) and possible),
        crumbs=[Crumb(N_("法治惠民实事项目"), f"/projects?year={found.year}"), Crumb(localized(found, "title"))],
        **NAMES,
    )


async def _proposal(principal: Principal, form: Form[PromiseForm]) -> Response[str]:
    scope = principal.scope(Permission.PRODUCT_REVIEW)
    areas = [area for area in await city_and_districts() if scope.covers_place(area.code)]
    return await page(
        "marketplace/flagships/new.html",
        form=form,
        status=form.status,
        places=[(area.code, localized(area, "name")) for area in areas],
        products=[
            (row["reference"], f"{localized(row, 'title')} · {localized(row, 'name')}")
            for row in await queries.choices()
        ],
        crumbs=[Crumb(N_("法治惠民实事项目"), "/projects"), Crumb(N_("拟定项目"))],
        **NAMES,
    )
