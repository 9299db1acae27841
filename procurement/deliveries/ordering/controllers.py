"""A village clerk orders in four taps: service, day, time of day, done; or takes a place in the queue."""

from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.products.capacity.rules import month_of, months_from
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import UNIT_NAMES
from procurement.deliveries import service
from procurement.deliveries.forms import OrderForm
from procurement.deliveries.months.queries import months
from procurement.deliveries.ordering import queries, rules
from procurement.deliveries.ordering.hours.queries import hours_of
from procurement.deliveries.ordering.queries import AHEAD, ServiceView, village_of
from procurement.deliveries.ordering.rules import DayState
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting.service import wait_for

CLERK = requires(Permission.ORDER_PLACE)
NAMES: dict[str, Any] = {"unit_names": UNIT_NAMES, "category_tags": CATEGORY_TAGS}


@get("/orders/new", guards=[CLERK])
async def choose(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show the services that the village may order, each with its next months."""
    villages, village = await village_of(principal, request.query_params.get("place", ""))
    services = [one for one in await queries.services(village.code) if one.left]
    return await page(
        "procurement/deliveries/choose.html",
        villages=[(one.code, localized(one, "name")) for one in villages],
        village=village,
        services=services,
        months=await queries.months_of_services(services),
        **NAMES,
    )


@get("/orders/new/{contract:str}", guards=[CLERK])
async def time_form(
    contract: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[str]:
    """Show the month to pick a day from."""
    _, village = await village_of(principal, request.query_params.get("place", ""))
    form = Form.empty(OrderForm, place_code=village.code, part=rules.Part.MORNING)
    return await _time(principal, contract, form, request.query_params.get("month", ""))


@post("/orders/new/{contract:str}", guards=[CLERK])
async def place(contract: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Order one unit, or wait for one."""
    form = await Form.read(request, OrderForm)
    try:
        asked = form.value
        _, village = await village_of(principal, asked.place_code)
        chosen = await queries.service(village.code, contract)
        start = rules.start_of(asked.day, asked.part, asked.other_start, await hours_of(village.code))
        order = NewOrder(chosen.contract_id, village.code, start, asked.note_zh)
        if asked.wait:
            await wait_for(principal, order)
            return see_other("/orders", N_("已排队。有空出来的会自动点上，并通知你。"))
        await service.place_orders(principal, [order])
    except DomainError as refusal:
        return await _time(principal, contract, form.refused(refusal), str(form.text("day")))
    return see_other("/orders", N_("已点单，服务机构会尽快答复。"))


async def _time(principal: Principal, contract: str, form: Form[OrderForm], typed_month: str) -> Response[str]:
    place_code, today = str(form.text("place_code")), clock.today()
    _, village = await village_of(principal, place_code)
    chosen = await queries.service(village.code, contract)
    month = await _month(chosen, typed_month)
    _, village = await village_of(principal, place_code, month.year)
    hours, held = await hours_of(village.code), (await months([(chosen.product_id, month)]))[chosen.product_id, month]
    days = rules.calendar(month, today, chosen.term, held, hours)
    free = [one.day for one in days if one.state is DayState.FREE]
    blocks = await queries.order_blocks(village, chosen, rules.first_start(free[0], hours), held, hours) if free else []
    ahead = [one for one in months_from(today, AHEAD) if one <= month_of(chosen.ends_on)]
    return await page(
        "procurement/deliveries/time.html",
        form=form,
        village=village,
        service=chosen,
        days=days,
        has_free=bool(free),
        month=month,
        held=held,
        before=max((one for one in ahead if one < month), default=None),
        after=min((one for one in ahead if one > month), default=None),
        blocks=[one for one in blocks if one.code != "month_full" and not (held.full and one.code in _WAITABLE)],
        weekdays=WEEKDAYS,
        state_names=rules.STATE_NAMES,
        part_names=rules.PART_NAMES,
        crumbs=[Crumb(N_("点单"), f"/orders/new?place={village.code}"), Crumb(localized(chosen, "title"))],
        **NAMES,
    )


_WAITABLE = ("quota_used_up", "contract_used_up")
"""What may have changed by the time a village is served."""


async def _month(chosen: ServiceView, typed: str) -> date:
    """Return the month that is meant, or the first in which there is a day to be had."""
    ahead = months_from(clock.today(), AHEAD)
    named = [one for one in ahead if typed.startswith(f"{one:%Y-%m}")]
    if named:
        return named[0]
    found = await months([(chosen.product_id, one) for one in ahead])
    for one in ahead:
        held = found[chosen.product_id, one]
        days = rules.calendar(one, clock.today(), chosen.term, held)
        if not held.full and any(day.state is DayState.FREE for day in days):
            return one
    return ahead[0]
