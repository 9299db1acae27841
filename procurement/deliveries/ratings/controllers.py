"""Rating a visit with one tap."""

from typing import Any

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.deliveries.forms import RatingForm
from procurement.deliveries.ratings import service

CLERK = requires(Permission.ORDER_PLACE)


@post("/orders/{reference:str}/rating", guards=[CLERK])
async def rate(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Rate."""
    form = await Form.read(request, RatingForm)
    await service.rate(principal, reference, form.value.rating, form.value.words_zh)
    return see_other(f"/orders/{reference}", N_("已评单，谢谢。"))
