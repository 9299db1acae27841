"""A provider's page about a product's months: what is stated, what is taken, when nobody comes."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web import i18n
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.products.capacity import queries, rules, service
from marketplace.products.capacity.forms import CapacityForm, DayForm, DaysOffForm
from marketplace.products.content import UNIT_NAMES

WRITER = requires(Permission.PRODUCT_WRITE)
MONTHS_OFFERED = 7


@get("/my/products/{reference:str}/capacity", guards=[WRITER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show the months and the days off."""
    return await _show(principal, reference)


@post("/my/products/{reference:str}/capacity", guards=[WRITER])
async def state(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """State a capacity from a month on."""
    form = await Form.read(request, CapacityForm)
    try:
        await service.state_capacity(principal, reference, form.value.statement())
    except DomainError as refusal:
        return await _show(principal, reference, capacity=form.refused(refusal))
    return see_other(_path(reference), N_("已登记。村社按这个数点单，满了就排队。"))


@post("/my/products/{reference:str}/days-off", guards=[WRITER])
async def add_days_off(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Note days off."""
    form = await Form.read(request, DaysOffForm)
    try:
        asked = form.value
        added = await service.add_blackout(principal, reference, asked.first, asked.last or asked.first, asked.note_zh)
    except DomainError as refusal:
        return await _show(principal, reference, days_off=form.refused(refusal))
    return see_other(_path(reference), N_("已登记 %(count)s 天停约日。"), count=added)


@post("/my/products/{reference:str}/days-off/remove", guards=[WRITER])
async def remove_day_off(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Come on a day after all."""
    form = await Form.read(request, DayForm)
    await service.remove_blackout(principal, reference, form.value.day)
    return see_other(_path(reference), N_("这一天又可以约了。"))


async def _show(
    principal: Principal,
    reference: str,
    *,
    capacity: Form[CapacityForm] | None = None,
    days_off: Form[DaysOffForm] | None = None,
) -> Response[str]:
    product = await queries.stated(principal, reference)
    months = rules.months_from(clock.today(), MONTHS_OFFERED)
    refused = capacity or days_off
    return await page(
        "marketplace/products/capacity/show.html",
        status=refused.status if refused else None,
        product=product,
        months=[(month, product.units_in(month)) for month in months],
        month_options=[(month.isoformat(), i18n.month(month)) for month in months],
        capacity=capacity or Form.empty(CapacityForm, from_month=months[0], units=product.units_in(months[0])),
        days_off=days_off or Form.empty(DaysOffForm),
        unit_names=UNIT_NAMES,
        crumbs=[
            Crumb(N_("我的服务产品"), "/my/products"),
            Crumb(localized(product, "title"), f"/my/products/{reference}"),
            Crumb(N_("每月可接数量")),
        ],
    )


def _path(reference: str) -> str:
    return f"/my/products/{reference}/capacity"
