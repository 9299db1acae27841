"""Comparing: setting a quotation aside, proposing a supplier, the sheet to print."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.offers.comparisons import queries
from procurement.offers.comparisons.service import Proposal, propose_supplier, set_aside
from procurement.offers.controllers import OFFICER, show_quotations
from procurement.offers.forms import ProposeForm, SetAsideForm
from procurement.purchases import queries as purchases
from procurement.reading import BUYERS, reading_scope


@post("/buying/quotations/{reference:str}/exclusions", guards=[OFFICER])
async def exclude(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take a quotation out of the comparison."""
    form = await Form.read(request, SetAsideForm)
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    try:
        asked = form.value
        await set_aside(principal, found.id, asked.quotation, asked.ground, asked.reason)
    except DomainError as refusal:
        return await show_quotations(principal, reference, setting_aside=form.refused(refusal))
    return see_other(f"/buying/quotations/{reference}", N_("已记入，这份报价不计入比较。"))


@post("/buying/quotations/{reference:str}/comparison", guards=[OFFICER])
async def propose(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Store the sheet with its minutes and propose a supplier."""
    form = await Form.read(request, ProposeForm)
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    try:
        asked = form.value
        proposal = Proposal(asked.proposed, asked.participants.splitlines(), asked.held_on, asked.reasons)
        await propose_supplier(principal, found.id, proposal)
    except DomainError as refusal:
        return await show_quotations(principal, reference, proposing=form.refused(refusal))
    return see_other(f"/buying/quotations/{reference}", N_("比价表和纪要已存档，差额已释放，等待另一人审批。"))


@get("/buying/quotations/{reference:str}/comparison", guards=[requires(*BUYERS)])
async def sheet(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show the stored sheet to read and print."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    back = f"/buying/quotations/{reference}"
    return await page(
        "procurement/offers/sheet.html",
        sheet=await queries.stored_sheet(found.id),
        crumbs=[Crumb(reference, back), Crumb(N_("比价表和纪要"))],
    )
