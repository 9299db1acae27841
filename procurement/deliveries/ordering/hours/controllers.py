"""The page on which a clerk ticks when the village can have a service."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.deliveries.forms import HoursForm
from procurement.deliveries.ordering.hours.queries import hours_of
from procurement.deliveries.ordering.hours.service import state_hours
from procurement.deliveries.ordering.queries import village_of
from procurement.deliveries.ordering.rules import PART_NAMES

CLERK = requires(Permission.ORDER_PLACE)


@get("/orders/hours", guards=[CLERK])
async def show(principal: CurrentPrincipal, place: FromQuery[str] = "") -> Response[str]:
    """Show the village's hours."""
    _, village = await village_of(principal, place)
    stated = sorted(f"{weekday}-{part.value}" for weekday, part in await hours_of(village.code))
    return await _show(principal, Form.empty(HoursForm, place_code=village.code, hours=stated))


@post("/orders/hours", guards=[CLERK])
async def state(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """State the village's hours."""
    form = await Form.read(request, HoursForm)
    try:
        await state_hours(principal, form.value.place_code, form.value.parts())
    except DomainError as refusal:
        return await _show(principal, form.refused(refusal))
    return see_other(f"/orders/new?place={form.value.place_code}", N_("已保存。点单时只显示方便的日子。"))


async def _show(principal: Principal, form: Form[HoursForm]) -> Response[str]:
    villages, village = await village_of(principal, str(form.text("place_code")))
    return await page(
        "procurement/deliveries/hours.html",
        form=form,
        village=village,
        villages=[(one.code, localized(one, "name")) for one in villages],
        weekdays=list(enumerate(WEEKDAYS)),
        part_names=PART_NAMES,
        crumbs=[Crumb(N_("点单"), f"/orders/new?place={village.code}"), Crumb(N_("方便的时段"))],
    )
