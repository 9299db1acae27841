"""The coordinator's page of hosts."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.hosting import queries, service
from volunteers.hosting.forms import OrganizationForm
from volunteers.people.affiliations.queries import organizations_named

COORDINATOR = requires(Permission.CREDENTIAL_VERIFY)
HOME = "/hosts"


@get(HOME, guards=[COORDINATOR])
async def hosts(principal: CurrentPrincipal, q: FromQuery[str | None] = None) -> Response[str]:
    """Show the hosts, and find an organization to name one."""
    return await _hosts(principal, Form.empty(OrganizationForm), q or "")


@post(HOME, guards=[COORDINATOR])
async def appoint(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Name an organization a host."""
    form = await Form.read(request, OrganizationForm)
    try:
        await service.appoint(principal, form.value.organization)
    except DomainError as refusal:
        return await _hosts(principal, form.refused(refusal), "")
    return see_other(HOME, N_("已开通代办。"))


@post("/hosts/{organization:uuid}/end", guards=[COORDINATOR])
async def end(organization: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Let it be a host no more."""
    await service.end(principal, organization)
    return see_other(HOME, N_("已停止代办。"))


async def _hosts(principal: Principal, form: Form[OrganizationForm], name: str) -> Response[str]:
    found = await organizations_named(name) if name.strip() else []
    return await page(
        "volunteers/hosting/hosts.html",
        status=form.status if form.refusal else None,
        rows=await queries.hosts(principal),
        form=form,
        name=name,
        found=[(one.public_id, f"{localized(one, 'name')} · {localized(one, 'place')}") for one in found],
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("代办机构"))],
    )
