"""Acceptance: what was delivered and waits, and the finding about one order."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from procurement.deliveries import queries
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.controllers import NAMES, show_order
from procurement.deliveries.forms import FindingForm

ACCEPTOR = requires(Permission.DELIVERY_ACCEPT)


@get("/buying/acceptance", guards=[ACCEPTOR])
async def waiting(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the delivered orders that wait."""
    rows = await queries.to_accept(principal.scope(Permission.DELIVERY_ACCEPT), decode_cursor(cursor, int))
    return await page(
        "procurement/deliveries/acceptance.html",
        part=sliced(rows, key=lambda row: row.id),
        me=principal.account_id,
        **NAMES,
    )


@post("/orders/{reference:str}/accept", guards=[ACCEPTOR])
async def accept(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Accept or refuse one delivered order."""
    form = await Form.read(request, FindingForm)
    found = await queries.order(principal, reference)
    try:
        finding = form.value.finding()
        await accept_deliveries(principal, [Verdict(found.id, finding)])
    except DomainError as refusal:
        return await show_order(principal, reference, finding=form.refused(refusal))
    said = N_("已验收，可以结算。") if finding.accepted else N_("已记为不合格，不予付款。")
    return see_other("/buying/acceptance", said)
