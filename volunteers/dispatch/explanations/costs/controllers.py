"""What each rule costs a plan: ask, watch it being worked out, read it as a list of bars."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.dispatch.explanations.costs import queries, service
from volunteers.dispatch.explanations.costs.rules import Gain
from volunteers.dispatch.explanations.costs.words import CERTAINTY_HINTS, CERTAINTY_NAMES, SHORT_NAMES, brought, rule
from volunteers.dispatch.input.store import InputIsGone
from volunteers.dispatch.record.queries import record_of

PLANNER = requires(Permission.DISPATCH_PLAN)


@get("/dispatch/{run:uuid}/rules", guards=[PLANNER])
async def show(request: Request[Any, Any, Any], run: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Show what each rule costs a plan, as far as it is worked out."""
    found = await queries.costs_of(principal, run)
    if not found.underway and request.headers.get("hx-target") == "progress":
        return Response("", headers={"HX-Refresh": "true"})
    plan = localized(found.run, "place")
    return await page(
        "volunteers/dispatch/explanations/costs/rules.html",
        found=found,
        run=found.run,
        input_kept=(await record_of(run)).input_kept,
        chart=_chart(found.gains) if any(gain.seats > 0 for gain in found.gains) else None,
        rule=rule,
        brought=brought,
        certainty_names=CERTAINTY_NAMES,
        certainty_hints=CERTAINTY_HINTS,
        crumbs=[Crumb(N_("排班"), "/dispatch"), Crumb(plan, f"/dispatch/{run}"), Crumb(N_("每条规则的代价"))],
    )


@post("/dispatch/{run:uuid}/rules", guards=[PLANNER])
async def ask(run: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Ask what the rules cost; the page follows it."""
    try:
        await service.ask_costs(principal, run)
    except InputIsGone as gone:
        return see_other(f"/dispatch/{run}/rules", gone.text(), "need")
    return see_other(f"/dispatch/{run}/rules")


def _chart(found: list[Gain]) -> Chart:
    better = [gain for gain in found if gain.seats > 0]
    names, seats = [SHORT_NAMES[gain.relaxation] for gain in better], [gain.seats for gain in better]
    return Chart("row", N_("放宽一条规则，少空几个席位"), names, [Series(N_("席位"), seats)], N_("个"))
