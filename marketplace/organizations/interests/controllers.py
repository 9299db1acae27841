"""An officer's page of ties: declare one, state its end."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations.interests import queries, service
from marketplace.organizations.interests.forms import EndForm, InterestForm
from marketplace.organizations.interests.rules import KIND_NAMES

OFFICER = requires(*service.OFFICERS)
HERE = "/review/interests"


@get("/review/interests", guards=[OFFICER])
async def interests(principal: CurrentPrincipal, uscc: FromQuery[str] = "") -> Response[str]:
    """Show one's declared ties and the form for another."""
    return await _page(principal, Form.empty(InterestForm, uscc=uscc))


@post("/review/interests", guards=[OFFICER])
async def declare(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Declare a tie."""
    form = await Form.read(request, InterestForm)
    try:
        await service.declare_interest(principal, form.value.interest())
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    return see_other(HERE, N_("已申报。涉及该单位的事项会交由其他工作人员办理。"))


@post("/review/interests/{public_id:uuid}/end", guards=[OFFICER])
async def end(public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """State when a tie ended."""
    form = await Form.read(request, EndForm)
    try:
        await service.end_interest(principal, public_id, form.value.until)
    except DomainError as refusal:
        return await _page(principal, Form.empty(InterestForm), form.refused(refusal))
    return see_other(HERE, N_("已记下结束日期。"))


async def _page(principal: Principal, form: Form[InterestForm], end_form: Form[EndForm] | None = None) -> Response[str]:
    rows, years = await queries.own_interests(principal)
    ending = end_form or Form.empty(EndForm)
    return await page(
        "marketplace/organizations/interests.html",
        status=max(form.status, ending.status),
        form=form,
        end_form=ending,
        rows=rows,
        years=years,
        kind_names=KIND_NAMES,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("回避申报"))],
    )
