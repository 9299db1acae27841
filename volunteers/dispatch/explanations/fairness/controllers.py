"""How evenly the work lies on people: for coordinators by place, kind and quarter; for a volunteer their own place."""

from typing import Any

from litestar import Request, Response, get

from app.core import clock
from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from volunteers.assignments.rules import KIND_NAMES
from volunteers.dispatch.explanations.fairness import queries
from volunteers.dispatch.explanations.fairness.forms import FairnessForm
from volunteers.dispatch.explanations.fairness.rules import last_quarters
from volunteers.dispatch.explanations.fairness.words import carried, evenness, histogram, hours, quarter_name


@get("/dispatch/fairness", guards=[requires(Permission.DISPATCH_PLAN)])
async def fairness(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show how evenly the confirmed hours of the last quarters are spread."""
    asked = Form.from_query(request, FairnessForm).value
    found = await queries.fairness_of(principal, asked.place, asked.kind, asked.asked())
    chosen = asked.asked() or found.quarters[0].quarter
    view = next((one for one in found.quarters if one.quarter == chosen), None)
    return await page(
        "volunteers/dispatch/explanations/fairness/fairness.html",
        found=found,
        asked=asked,
        chosen=chosen,
        view=view,
        chart=histogram(view.spread) if view and view.spread else None,
        place_options=[(area.code, localized(area, "name")) for area in await queries.areas(principal)],
        kind_options=KIND_NAMES,
        crumbs=[Crumb(N_("排班"), "/dispatch"), Crumb(N_("公平"))],
        **_words(),
    )


@get("/my/fairness", guards=[requires(Permission.ASSIGNMENT_SIGN_UP)])
async def own(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show a volunteer how much the others of their district did, and where they stand."""
    asked = Form.from_query(request, FairnessForm).value
    found = await queries.own_place(principal, asked.asked())
    return await page(
        "volunteers/dispatch/explanations/fairness/own.html",
        found=found,
        asked=asked,
        chart=histogram(found.spread, found.mine) if found.spread else None,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("大家做了多少"))],
        **_words(),
    )


def _words() -> dict[str, Any]:
    quarters = last_quarters(clock.today())
    return {
        "quarter_options": {str(one): quarter_name(one) for one in quarters},
        "quarter_name": quarter_name,
        "hours": hours,
        "carried": carried,
        "evenness": evenness,
    }
