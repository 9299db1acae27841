"""Quotations for suppliers: invitations, handing in, the receipt, the result."""

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
from app.web.pagination import decode_cursor, sliced
from procurement.offers.controllers import NAMES, remaining
from procurement.offers.forms import QuotationForm
from procurement.offers.submissions import queries, service
from procurement.offers.submissions.service import Offered
from procurement.offers.submissions.tags import OUTCOME_TAGS

SUPPLIER = requires(Permission.FRAMEWORK_APPLY)
HOME = "/my/quotations"


@get(HOME, guards=[SUPPLIER])
async def mine(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the invitations of one's organizations."""
    rows = await queries.invitations(principal, decode_cursor(cursor, int))
    part = sliced(rows, key=lambda row: row.id)
    return await page("procurement/offers/invitations.html", part=part, outcome_tags=OUTCOME_TAGS, **NAMES)


@get("/my/quotations/{public_id:uuid}", guards=[SUPPLIER])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show an invitation with the form, or the receipt and the result."""
    return await _show(principal, public_id, Form.empty(QuotationForm))


@post("/my/quotations/{public_id:uuid}", guards=[SUPPLIER])
async def hand_in(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Hand a quotation in; it replaces an earlier one."""
    form = await Form.read(request, QuotationForm)
    try:
        asked = form.value
        file = form.files.get("attached")
        offered = Offered(
            asked.unit_price_fen, asked.product, asked.met, asked.legal_representative, asked.controlled_by,
            asked.words_zh, file.filename if file else "", await file.read() if file else b"",
        )  # fmt: skip
        await service.hand_in(principal, public_id, offered)
    except DomainError as refusal:
        return await _show(principal, public_id, form.refused(refusal))
    return see_other(f"{HOME}/{public_id}", N_("报价已加密保存。截止前可以替换或撤回。"))


@post("/my/quotations/{public_id:uuid}/take-back", guards=[SUPPLIER])
async def take_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Take the quotation back."""
    await service.take_back(principal, public_id)
    return see_other(f"{HOME}/{public_id}", N_("报价已撤回。截止前可以重新报价。"))


async def _show(principal: Principal, public_id: UUID, form: Form[QuotationForm]) -> Response[str]:
    found = await queries.invitation(principal, public_id)
    lines = await queries.requirements(found.id)
    return await page(
        "procurement/offers/invitation.html",
        form=form,
        invitation=found,
        received=f"{clock.local(found.received_at):%Y-%m-%d %H:%M:%S.%f}"[:-3] if found.received_at else "",
        receipts=await queries.receipts(found.id),
        lines=lines,
        line_options=list(enumerate(lines, start=1)),
        products=[(one.reference, localized(one, "title")) for one in await queries.products_for(found)],
        remaining=remaining(found.deadline),
        outcome_tags=OUTCOME_TAGS,
        crumbs=[Crumb(N_("报价邀请"), HOME), Crumb(found.reference)],
        **NAMES,
    )
