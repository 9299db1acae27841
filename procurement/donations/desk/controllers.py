"""Finance's desk: gifts, what waits, one gift with its refunds and receipts."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.donations import choosing
from procurement.donations.desk import queries, service
from procurement.donations.desk.forms import ReceiptForm, RefundForm
from procurement.donations.funds import queries as funds
from procurement.donations.funds.controllers import is_demo
from procurement.donations.gifts.ending import end_plan_for
from procurement.donations.reconciliation.queries import entries_of
from procurement.donations.refunds.service import NewRefund, decide_refund, propose_refund
from procurement.donations.rules import GIFT_NAMES, GiftStatus, RefundStatus
from procurement.donations.tags import DISPUTE_TAGS, ENTRY_NAMES, FINDERS, GIFT_TAGS, LETTER_TAGS, REFUND_TAGS
from procurement.donations.uses import queries as uses

READER = requires(Permission.DONATION_MANAGE, Permission.DONATION_APPROVE)
CLERK, APPROVER = requires(Permission.DONATION_MANAGE), requires(Permission.DONATION_APPROVE)
HOME = "/donations"
OUTCOMES = {
    RefundStatus.SUCCEEDED: N_("已退款。"),
    RefundStatus.SENT: N_("已批准，支付平台正在退款。"),
    RefundStatus.APPROVED: N_("已批准。支付平台没有响应，会自动再试。"),
    RefundStatus.DECLINED: N_("未批准这笔退款。"),
    RefundStatus.FAILED: N_("支付平台没有退成。"),
}


@get(HOME, guards=[READER])
async def desk(
    principal: CurrentPrincipal,
    fund: FromQuery[str] = "",
    status: FromQuery[GiftStatus | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the funds, what waits for a second person, and the gifts."""
    before, wanted = decode_cursor(cursor, int), status.value if status else ""
    found = await queries.gifts(principal, before, fund, wanted, PAGE + 1)
    of_officer = await funds.funds(principal)
    return await page(
        "procurement/donations/desk.html",
        funds=of_officer,
        part=sliced(found, key=lambda row: row.id),
        refunds=await queries.refunds_waiting(principal),
        uses=await uses.waiting(principal),
        asked={"fund": fund, "status": wanted},
        fund_names=[(one.code, localized(one, "name")) for one in of_officer],
        status_names=GIFT_NAMES,
        tags=GIFT_TAGS,
        me=principal.actor,
        closed=choosing.closed(),
        demo=is_demo(),
    )


@get("/donations/gifts/{reference:str}", guards=[READER])
async def gift(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one gift."""
    return await _gift(principal, reference)


@post("/donations/gifts/{reference:str}/refunds", guards=[CLERK])
async def propose(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Ask for a refund."""
    form = await Form.read(request, RefundForm)
    try:
        await propose_refund(principal, NewRefund(reference, form.value.amount, form.value.reason))
    except DomainError as refusal:
        return await _gift(principal, reference, refund=form.refused(refusal))
    return see_other(f"{HOME}/gifts/{reference}", N_("已提交退款，等另一人审批。"))


@post("/donations/refunds/{public_id:uuid}", guards=[APPROVER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Approve a refund, which has it carried out, or decline it."""
    approve = (await request.form()).get("decision") == "approve"
    try:
        after = await decide_refund(principal, public_id, approve=approve)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return see_other(HOME, refusal.text(), "need")
    return see_other(HOME, OUTCOMES[after], "need" if after is RefundStatus.FAILED else "done")


@post("/donations/gifts/{reference:str}/end", guards=[CLERK])
async def end(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """End the monthly gift because its donor asked finance."""
    try:
        await end_plan_for(principal, reference)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return see_other(f"{HOME}/gifts/{reference}", refusal.text(), "need")
    return see_other(f"{HOME}/gifts/{reference}", N_("每月捐赠已停止，以后不再扣款。"))


@post("/donations/gifts/{reference:str}/receipts", guards=[CLERK])
async def record(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Record the number of a statutory receipt."""
    form = await Form.read(request, ReceiptForm)
    try:
        await service.record_receipt(principal, reference, form.value.number, form.value.issued_on)
    except DomainError as refusal:
        return await _gift(principal, reference, receipt=form.refused(refusal))
    return see_other(f"{HOME}/gifts/{reference}", N_("票据号已登记，捐赠人可以看到。"))


async def _gift(
    principal: Principal,
    reference: str,
    refund: Form[RefundForm] | None = None,
    receipt: Form[ReceiptForm] | None = None,
) -> Response[str]:
    found = await queries.gift(principal, reference)
    wrong = refund or receipt
    return await page(
        "procurement/donations/gift.html",
        status=wrong.status if wrong else None,
        gift=found,
        entries=await entries_of(found.row.id),
        refund_form=refund or Form.empty(RefundForm),
        receipt_form=receipt or Form.empty(ReceiptForm, issued_on=clock.today()),
        tags=GIFT_TAGS,
        refund_tags=REFUND_TAGS,
        dispute_tags=DISPUTE_TAGS,
        letter_tags=LETTER_TAGS,
        entry_names=ENTRY_NAMES,
        finders=FINDERS,
        me=principal.actor,
        crumbs=[Crumb(N_("捐赠管理"), HOME), Crumb(reference)],
    )
