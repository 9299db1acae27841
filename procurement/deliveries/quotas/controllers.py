"""Quotas: how much of them is used by town, and setting one figure for all villages of a place."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.choices import place_options
from procurement.deliveries.forms import QuotaForm
from procurement.deliveries.quotas import queries
from procurement.deliveries.quotas.service import set_quota_below

OFFICER = requires(Permission.FRAMEWORK_MANAGE)


@get("/buying/quotas", guards=[OFFICER])
async def quotas(principal: CurrentPrincipal, district: FromQuery[str] = "") -> Response[str]:
    """Show the towns with their villages' quotas."""
    return await _quotas(principal, Form.empty(QuotaForm, year=clock.today().year), district)


@post("/buying/quotas", guards=[OFFICER])
async def set_quota(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Give every village of a place the same quota."""
    form = await Form.read(request, QuotaForm)
    try:
        asked = form.value
        changed = await set_quota_below(principal, asked.place_code, asked.year, asked.quota)
    except DomainError as refusal:
        return await _quotas(principal, form.refused(refusal), "")
    return see_other("/buying/quotas", N_("已核定，%(count)s 个村（社区）的额度有变化。"), count=changed)


async def _quotas(principal: Principal, form: Form[QuotaForm], district: str) -> Response[str]:
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    places = await place_options(scope)
    towns = await queries.by_town(scope, clock.today().year, district)
    return await page(
        "procurement/deliveries/quotas.html",
        form=form,
        towns=towns,
        places=places,
        town_options=[(town.code, f"{town.district_zh} · {town.name_zh}") for town in towns] if district else [],
        district=district,
        year=clock.today().year,
    )
