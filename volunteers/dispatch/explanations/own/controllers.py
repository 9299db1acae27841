"""Why this shift, why not me: a volunteer's questions to the plan."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.slots import Fill
from volunteers.assignments.tags import WORDS
from volunteers.dispatch.explanations.own import queries
from volunteers.dispatch.explanations.own.words import OWN, dearest, worse

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
HOME = Crumb(N_("我的任务"), "/my/assignments")


@get("/my/assignments/{sign_up:uuid}/why", guards=[VOLUNTEER])
async def why_me(sign_up: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show why a plan gave the reader one of their seats."""
    found = await queries.why_me(principal, sign_up)
    instead = found.reasons.instead if found.reasons else None
    return await page(
        "volunteers/dispatch/explanations/own/why_me.html",
        found=found,
        shift=found.shift,
        suits_better=dearest(instead, OWN) if instead and instead.total > 0 else [],
        crumbs=[HOME, Crumb(found.shift.reference, f"/assignments/{found.shift.reference}"), Crumb(N_("为什么派我"))],
        **WORDS,
    )


@get("/assignments/{reference:str}/why-not-me", guards=[VOLUNTEER])
async def why_not_me(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show why the plan in force does not send the reader to a shift."""
    found = await queries.why_not_me(principal, reference)
    answer = found.answer
    exchange = answer.exchange if answer else None
    return await page(
        "volunteers/dispatch/explanations/own/why_not_me.html",
        found=found,
        shift=found.shift,
        answer=answer,
        exchange=exchange,
        worse=worse(exchange) if exchange else None,
        brought=dearest(exchange.dearer) if exchange else [],
        crumbs=[HOME, Crumb(found.shift.reference, f"/assignments/{reference}"), Crumb(N_("为什么没派我"))],
        **WORDS,
    )


async def on_assignment(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``assignment_page.aside``: the way to ask, where a plan holds that week."""
    question = await queries.question_on(principal, assignment_id)
    return Fill("volunteers/dispatch/explanations/own/ask.html", {"question": question}) if question else None
