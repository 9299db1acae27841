"""Finance's pages of unclear money: what there is, one matter, deciding on it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.donations.funds import queries as funds
from procurement.donations.tags import DECISION_TAGS, GIFT_TAGS, UNEXPLAINED
from procurement.donations.unclear import queries, service
from procurement.donations.unclear.forms import DecisionForm
from procurement.donations.unclear.rules import OUTCOME_NAMES, possible

READER = requires(Permission.DONATION_MANAGE, Permission.DONATION_APPROVE)
CLERK, APPROVER = requires(Permission.DONATION_MANAGE), requires(Permission.DONATION_APPROVE)
HOME, PAGE = "/donations", "/donations/unclear"


@get(PAGE, guards=[READER])
async def listed(principal: CurrentPrincipal) -> Response[str]:
    """Show what waits to be explained or decided, and what was decided."""
    return await page(
        "procurement/donations/unclear.html",
        matters=await queries.matters(principal),
        waiting=await queries.decisions(principal, waiting=True),
        taken=await queries.decisions(principal, waiting=False),
        everywhere=await funds.looks_after_all(funds.patterns(principal)),
        outcomes=OUTCOME_NAMES,
        tags=DECISION_TAGS,
        unexplained=UNEXPLAINED,
        me=principal.actor,
        crumbs=[Crumb(N_("捐赠管理"), HOME), Crumb(N_("待查款项"))],
    )


@get(f"{PAGE}/{{matter:str}}", guards=[READER])
async def show(matter: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one matter with what it may belong to."""
    return await _matter(principal, matter, Form.empty(DecisionForm))


@post(f"{PAGE}/{{matter:str}}", guards=[CLERK])
async def propose(matter: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say what it is."""
    form = await Form.read(request, DecisionForm)
    try:
        await service.propose_decision(principal, form.value.of(matter))
    except DomainError as refusal:
        return await _matter(principal, matter, form.refused(refusal))
    return see_other(PAGE, N_("已记录。需要动账的处理等另一人审批。"))


@post("/donations/unclear-decisions/{public_id:uuid}", guards=[APPROVER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Approve a decision or decline it."""
    approve = (await request.form()).get("decision") == "approve"
    try:
        await service.decide(principal, public_id, approve=approve)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return see_other(PAGE, refusal.text(), "need")
    return see_other(PAGE, N_("已批准并记账。") if approve else N_("未批准，款项仍待查。"))


async def _matter(principal: Principal, name: str, form: Form[DecisionForm]) -> Response[str]:
    found = await queries.matter(principal, name)
    choices = [(one.value, OUTCOME_NAMES[one]) for one in possible(found.entries)] if found.entries else []
    return await page(
        "procurement/donations/unclear_matter.html",
        matter=found,
        form=form,
        choices=choices,
        possible=[value for value, _ in choices],
        funds=[(one.code, localized(one, "name")) for one in await funds.funds(principal)],
        outcomes=OUTCOME_NAMES,
        tags=DECISION_TAGS,
        gift_tags=GIFT_TAGS,
        me=principal.actor,
        crumbs=[Crumb(N_("捐赠管理"), HOME), Crumb(N_("待查款项"), PAGE), Crumb(found.amount or name)],
    )
