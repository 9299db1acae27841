"""Adjustments: those that wait and those decided, proposing one, deciding."""

from typing import Any

from litestar import Request, Response, get, post

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.budgets import queries as budgets
from procurement.budgets.adjustments import queries, service
from procurement.budgets.adjustments.forms import AdjustForm, DecideForm
from procurement.budgets.adjustments.service import AdjustmentDecision, NewAdjustment
from procurement.budgets.tags import PROPOSAL_TAGS
from procurement.reading import MONEY, reading_scope

PAGE = "/buying/budgets/adjustments"
TAGS = {**PROPOSAL_TAGS, "approved": Tag("done", N_("已调剂"))}
LABELS = {
    "from_line": N_("调出"),
    "to_line": N_("调入"),
    "amount": N_("金额（元）"),
    "document": N_("文号"),
}


@get(PAGE, guards=[requires(*MONEY)])
async def adjustments(principal: CurrentPrincipal) -> Response[str]:
    """Show the adjustments between lines of one's places."""
    return await _adjustments(principal, Form.empty(DecideForm))


@get(f"{PAGE}/new", guards=[requires(Permission.BUDGET_MANAGE)])
async def adjust_form(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show an empty adjustment, out of the line one comes from if there is one."""
    return await _form(principal, Form.empty(AdjustForm, from_line=request.query_params.get("from", "")))


@post(f"{PAGE}/new", guards=[requires(Permission.BUDGET_MANAGE)])
async def propose(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose an adjustment."""
    form = await Form.read(request, AdjustForm)
    scope = principal.scope(Permission.BUDGET_MANAGE)
    try:
        asked = form.value
        source, target = await queries.line_id(scope, asked.from_line), await queries.line_id(scope, asked.to_line)
        await service.propose_adjustment(principal, NewAdjustment(source, target, asked.amount, asked.document))
    except DomainError as refusal:
        return await _form(principal, form.refused(refusal))
    return see_other(PAGE, N_("已申报，等待另一人审批。"))


@post(PAGE, guards=[requires(Permission.BUDGET_APPROVE)])
async def decide(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Approve or refuse the ticked adjustments."""
    form = await Form.read(request, DecideForm)
    try:
        form.require_ticked("adjustments")
        said = form.value
        await service.decide_adjustments(
            principal, [AdjustmentDecision(one, said.approve, said.reason) for one in said.adjustments]
        )
    except DomainError as refusal:
        return await _adjustments(principal, form.refused(refusal))
    return see_other(PAGE, N_("已调剂，两条预算行同时变动。") if said.approve else N_("已退回。"))


async def _adjustments(principal: Principal, form: Form[DecideForm]) -> Response[str]:
    rows = await queries.adjustments(reading_scope(principal, *MONEY))
    decides = principal.can(Permission.BUDGET_APPROVE)
    return await page(
        "procurement/budgets/adjustments/list.html",
        form=form,
        waiting=[row for row in rows if row.status == "proposed"],
        decided=[row for row in rows if row.status != "proposed"],
        decides=decides,
        tags=TAGS,
        me=principal.account_id,
        source=str(await queries.source()),
        crumbs=[Crumb(N_("预算"), "/buying/budgets"), Crumb(N_("预算调剂"))],
    )


async def _form(principal: Principal, form: Form[AdjustForm]) -> Response[str]:
    lines = await budgets.lines(principal.scope(Permission.BUDGET_MANAGE), clock.today().year)
    options = [
        (
            f"{line.year}/{line.place_code}/{line.programme}",
            f"{localized(line, 'place')} · {localized(line, 'programme')} · {yuan(line.amounts.left)}",
        )
        for line in lines
    ]
    crumbs = [Crumb(N_("预算调剂"), PAGE), Crumb(N_("申报调剂"))]
    return await page(
        "procurement/budgets/adjustments/new.html", form=form, lines=options, labels=LABELS, crumbs=crumbs
    )
