"""An approver's yes or no to the result of a tender, on the tender's own page."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.purchases import queries as purchases
from procurement.purchases.tenders.awards import service
from procurement.purchases.tenders.awards.forms import AwardForm
from procurement.purchases.tenders.controllers import show_tender

APPROVER = requires(Permission.PURCHASE_APPROVE)


@post("/buying/tenders/{reference:str}/result", guards=[APPROVER])
async def decide(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Approve or refuse the result that waits."""
    form = await Form.read(request, AwardForm)
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_APPROVE), reference)
    try:
        word = form.value.word()
        awarded = await service.decide_award(principal, found.id, word)
    except DomainError as refusal:
        return await show_tender(principal, reference, word=form.refused(refusal))
    if not word.approve:
        return see_other(f"/buying/tenders/{reference}", N_("已退回结果，登记的人会看到理由。"))
    said = N_("已批准，供应商已确定。") if awarded else N_("已批准，轮到下一位审批人。")
    return see_other(f"/buying/tenders/{reference}", said)
