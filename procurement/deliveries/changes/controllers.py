"""Proposing and answering another time, on an order's own page."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.deliveries import queries as orders
from procurement.deliveries.changes import queries, service
from procurement.deliveries.forms import ChangeForm

PARTY = requires(Permission.ORDER_PLACE, Permission.ORDER_ANSWER)


@post("/orders/{reference:str}/change", guards=[PARTY])
async def propose(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Propose another time."""
    form = await Form.read(request, ChangeForm)
    found = await orders.order(principal, reference)
    try:
        await service.propose(principal, found.id, form.value.wished_start, form.value.note_zh)
    except DomainError as refusal:
        form = form.refused(refusal)
        times = await queries.times_of(principal, found.id)
        if times is None:
            raise NotFound from refusal
        crumbs = [Crumb(localized(found, "title"), f"/orders/{reference}"), Crumb(N_("改期"))]
        return await page("procurement/deliveries/change.html", form=form, order=found, times=times, crumbs=crumbs)
    return see_other(f"/orders/{reference}", N_("已提议，等对方答复。"))


@post("/orders/{reference:str}/change/{public_id:uuid}/agree", guards=[PARTY])
async def agree(reference: FromPath[str], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Agree."""
    await service.agree(principal, public_id)
    return see_other(f"/orders/{reference}", N_("已改期，要来的人收到了通知。"))


@post("/orders/{reference:str}/change/{public_id:uuid}/refuse", guards=[PARTY])
async def refuse(reference: FromPath[str], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say no."""
    await service.refuse(principal, public_id)
    return see_other(f"/orders/{reference}", N_("已回绝，仍按原来的时间。"))


@post("/orders/{reference:str}/change/{public_id:uuid}/withdraw", guards=[PARTY])
async def take_back(reference: FromPath[str], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take a proposal back."""
    await service.take_back(principal, public_id)
    return see_other(f"/orders/{reference}", N_("已收回改期的提议。"))
