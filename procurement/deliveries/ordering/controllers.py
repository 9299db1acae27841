"""A village clerk orders in four taps: order, service, time, done."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import day, hours, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import UNIT_NAMES
from procurement.deliveries import service
from procurement.deliveries.forms import OrderForm
from procurement.deliveries.ordering import queries
from procurement.deliveries.ordering.queries import Village
from procurement.deliveries.service import NewOrder

CLERK = requires(Permission.ORDER_PLACE)
NAMES: dict[str, Any] = {"unit_names": UNIT_NAMES, "category_tags": CATEGORY_TAGS}


@get("/orders/new", guards=[CLERK])
async def choose(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show the services that the village may order."""
    villages, village = await _village(principal, request.query_params.get("place", ""))
    return await page(
        "procurement/deliveries/choose.html",
        villages=[(one.code, localized(one, "name")) for one in villages],
        village=village,
        services=await queries.services(village.code),
        **NAMES,
    )


@get("/orders/new/{contract:str}", guards=[CLERK])
async def time_form(
    contract: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[str]:
    """Show the times to choose from."""
    _, village = await _village(principal, request.query_params.get("place", ""))
    return await _time(principal, contract, Form.empty(OrderForm, place_code=village.code))


@post("/orders/new/{contract:str}", guards=[CLERK])
async def place(contract: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Order one unit."""
    form = await Form.read(request, OrderForm)
    try:
        asked = form.value
        _, village = await _village(principal, asked.place_code)
        chosen = await queries.service(village.code, contract)
        order = NewOrder(chosen.contract_id, village.code, _start(asked), asked.note_zh)
        await service.place_orders(principal, [order])
    except DomainError as refusal:
        return await _time(principal, contract, form.refused(refusal))
    return see_other("/orders", N_("已点单，服务机构会尽快答复。"))


def _start(asked: OrderForm) -> datetime:
    if asked.other_start is not None:
        return asked.other_start
    try:
        return datetime.fromisoformat(asked.start)
    except ValueError:
        raise InvalidInput({"start": Message(N_("请选一个时间。"))}) from None


async def _village(principal: Principal, code: str) -> tuple[list[Village], Village]:
    """Return the clerk's villages and the one that is meant: the named one, or the first."""
    villages = await queries.villages(principal.scope(Permission.ORDER_PLACE))
    named = [one for one in villages if one.code == code] if code else villages
    if not named:
        raise NotFound
    return villages, named[0]


async def _time(principal: Principal, contract: str, form: Form[OrderForm]) -> Response[str]:
    _, village = await _village(principal, str(form.text("place_code")))
    chosen = await queries.service(village.code, contract)
    starts = queries.suggested_starts(clock.today(), chosen.ends_on)
    if not form.text("start") and starts:
        form.texts["start"] = starts[0].isoformat()
    probe = starts[0] if starts else clock.now()
    return await page(
        "procurement/deliveries/time.html",
        form=form,
        village=village,
        service=chosen,
        starts=[(one.isoformat(), f"{day(one, weekday=True)} {hours(one)}") for one in starts],
        blocks=await queries.order_blocks(village, chosen, probe) if starts else [],
        crumbs=[Crumb(N_("点单"), f"/orders/new?place={village.code}"), Crumb(localized(chosen, "title"))],
        **NAMES,
    )
