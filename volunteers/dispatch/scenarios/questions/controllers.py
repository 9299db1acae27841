"""A question that is being answered: how far it is, and on to the answer."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.dispatch.scenarios.questions.queries import STEPS, question
from volunteers.dispatch.scenarios.questions.wording import STEP_NAMES
from volunteers.dispatch.scenarios.wording import levers


@get("/dispatch/scenarios/questions/{asked:uuid}", guards=[requires(Permission.DISPATCH_PLAN)])
async def show_question(
    request: Request[Any, Any, Any], asked: FromPath[UUID], principal: CurrentPrincipal
) -> Response[Any]:
    """Show how far an answer is, then the answer."""
    found = await question(principal, asked)
    if found.scenario is not None:
        answer = f"/dispatch/scenarios/{found.scenario}"
        if request.headers.get("hx-target") == "progress":
            return Response("", headers={"HX-Redirect": answer})
        return see_other(answer)
    return await page(
        "volunteers/dispatch/scenarios/underway.html",
        asked=found,
        levers=levers(found),
        steps=len(STEPS),
        doing=STEP_NAMES.get(found.step) if found.step else None,
        crumbs=[Crumb(N_("覆盖承诺"), f"/coverage?place={found.place_code}"), Crumb(N_("如果"))],
    )
