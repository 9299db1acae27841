"""The settings of planning: what holds for a place and why, and saying something else."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.dispatch.settings import queries, service, tags
from volunteers.dispatch.settings.forms import SettingsForm
from volunteers.dispatch.settings.rules import LEVEL_LENGTHS, PlannedLevel

PLANNER = requires(Permission.DISPATCH_PLAN)
HOME = "/dispatch/settings"


@get(HOME, guards=[PLANNER])
async def places(principal: CurrentPrincipal) -> Response[Any]:
    """Show whose settings may be looked at; where it is one place, go there."""
    found = await queries.places_with_settings(principal)
    if len(found) == 1:
        return see_other(f"{HOME}/{found[0].code}")
    crumbs = [Crumb(N_("排班"), "/dispatch"), Crumb(N_("设置"))]
    return await page("volunteers/dispatch/settings/places.html", places=found, crumbs=crumbs)


@get(HOME + "/{code:str}", guards=[PLANNER])
async def show(code: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what holds for a place, where it comes from, and what was said before."""
    view = await queries.settings_view(principal, code)
    return await _page(principal, view, Form.empty(SettingsForm, **view.own))


@post(HOME + "/{code:str}", guards=[PLANNER])
async def state(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say what a place sets itself from now or a later day on."""
    form = await Form.read(request, SettingsForm)
    try:
        said = form.value
        await service.state_settings(principal, code, said.said(), said.reason, said.from_day)
    except DomainError as refusal:
        refused = form.refused(refusal)
        return await _page(principal, await queries.settings_view(principal, code), refused)
    return _saved(code)


def _saved(code: str) -> Redirect:
    return see_other(f"{HOME}/{code}", N_("设置已保存，下次排班起用。"))


async def _page(principal: Principal, view: queries.SettingsView, form: Form[SettingsForm]) -> Response[str]:
    code = view.place.code
    levels = [level for level in PlannedLevel if len(code) <= LEVEL_LENGTHS.get(level, len("330106"))]
    several = len(await queries.places_with_settings(principal)) > 1
    crumbs = [Crumb(N_("排班"), "/dispatch"), Crumb(N_("设置"), HOME if several else None)]
    return await page(
        "volunteers/dispatch/settings/place.html",
        form=form,
        view=view,
        level_options={level: tags.LEVEL_NAMES[level] for level in levels},
        names=tags.NAMES,
        hints=tags.HINTS,
        planning=[name for name in tags.PLANNING if levels or name != "planned_level"],
        weights=list(tags.WEIGHTS),
        choice_names=tags.CHOICE_NAMES,
        asking_options=tags.ASKING_NAMES,
        everywhere=tags.EVERYWHERE,
        crumbs=[*crumbs, Crumb(localized(view.place, "name"))],
    )
