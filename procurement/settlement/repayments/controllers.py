"""Deductions that are open: the list, and one with the money that was given back for it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.claims.wording import TAGS
from procurement.settlement.queries import READERS
from procurement.settlement.repayments import queries, service
from procurement.settlement.repayments.forms import ReceivedForm, RefusalForm
from procurement.settlement.repayments.rules import STATUS_NAMES

HOME = "/settlement/deductions"
CASHIERS = requires(Permission.SETTLEMENT_PAY)
APPROVERS = requires(Permission.SETTLEMENT_APPROVE)


@get(HOME, guards=[requires(*READERS)])
async def deductions(principal: CurrentPrincipal) -> Response[str]:
    """List what is still to be deducted or given back."""
    rows = await queries.open_deductions(principal)
    return await page(
        "procurement/settlement/repayments/list.html",
        rows=rows,
        total_fen=sum(row.owed_fen for row in rows),
        tags=TAGS,
        status_names=STATUS_NAMES,
        crumbs=[Crumb(N_("结算"), "/settlement"), Crumb(N_("待扣回"))],
    )


@get(f"{HOME}/{{reference:str}}", guards=[requires(*READERS)])
async def show(principal: CurrentPrincipal, reference: FromPath[str]) -> Response[str]:
    """Show a deduction, and ask for what the bank statement says or for its confirmation."""
    return await _page(principal, reference)


@post(f"{HOME}/{{reference:str}}", guards=[CASHIERS])
async def record(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]
) -> Response[Any]:
    """Record money that was given back."""
    form = await Form.read(request, ReceivedForm)
    try:
        await service.record_repayment(principal, reference, form.value.received())
    except DomainError as refusal:
        return await _page(principal, reference, form.refused(refusal))
    return see_other(f"{HOME}/{reference}", N_("已登记现金退回，等第二人确认。"))


@post(f"{HOME}/{{reference:str}}/confirmation", guards=[APPROVERS])
async def confirm(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]
) -> Response[Any]:
    """Confirm that the money is there."""
    form = await Form.read(request, RefusalForm)
    try:
        fen = await service.confirm_repayment(principal, reference)
    except DomainError as refusal:
        return await _page(principal, reference, form.refused(refusal))
    told = N_("已确认到账%(amount)s，扣回结清，收款人已收到通知。")
    return see_other(f"{HOME}/{reference}", told, amount=yuan(fen))


@post(f"{HOME}/{{reference:str}}/refusal", guards=[APPROVERS])
async def refuse(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]
) -> Response[Any]:
    """Say that the money is not there."""
    form = await Form.read(request, RefusalForm)
    try:
        await service.refuse_repayment(principal, reference, form.value.reason)
    except DomainError as refusal:
        return await _page(principal, reference, form.refused(refusal))
    return see_other(f"{HOME}/{reference}", N_("已退回登记，登记人会看到理由。"))


async def _page(principal: Principal, reference: str, refused: Form[Any] | None = None) -> Response[str]:
    found = await queries.deduction(principal, reference)
    asked = Form.empty(ReceivedForm, amount=found.owed_fen, received_on=clock.today())
    return await page(
        "procurement/settlement/repayments/show.html",
        found=found,
        form=refused or asked,
        asked=refused if refused and refused.struct is ReceivedForm else asked,
        tags=TAGS,
        status_names=STATUS_NAMES,
        me=principal.actor,
        crumbs=[Crumb(N_("结算"), "/settlement"), Crumb(N_("待扣回"), HOME), Crumb(reference)],
    )
