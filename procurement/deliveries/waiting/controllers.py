"""Leaving a queue; joining one is part of ordering."""

from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.deliveries.waiting import service

CLERK = requires(Permission.ORDER_PLACE)


@post("/orders/waiting/{public_id:uuid}/leave", guards=[CLERK])
async def leave(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Leave a queue."""
    await service.leave(principal, public_id)
    return see_other("/orders", N_("已退出排队。"))
