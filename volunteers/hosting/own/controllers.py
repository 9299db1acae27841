"""Agreeing, taking it back, and every act in one's name."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.hosting import queries, service
from volunteers.hosting.forms import OrganizationForm
from volunteers.hosting.rules import ACT_NAMES, AGREED_TO

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
HOME = "/my/hosts"


@get(HOME, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show whom the person lets act for them, and what was done."""
    hosts = await queries.hosts_to_agree_with(principal)
    return await page(
        "volunteers/hosting/mine.html",
        rows=await queries.my_consents(principal),
        acts=await queries.acts_in_my_name(principal),
        hosts=[(public_id, localized({"name_zh": zh, "name_en": en}, "name")) for public_id, zh, en in hosts],
        form=Form.empty(OrganizationForm),
        agreed_to=AGREED_TO,
        act_names=ACT_NAMES,
        crumbs=[Crumb(N_("我的资料"), "/my/profile"), Crumb(N_("请机构代办"))],
    )


@post(HOME, guards=[VOLUNTEER])
async def agree(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Let a host act for oneself."""
    form = await Form.read(request, OrganizationForm)
    await service.agree(principal, form.value.organization)
    return see_other(HOME, N_("已同意。它每替你做一次，你都会收到短信。"))


@post("/my/hosts/{consent:uuid}/end", guards=[VOLUNTEER])
async def take_back(consent: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take the consent back."""
    await service.take_back(principal, consent)
    return see_other(HOME, N_("已收回同意。"))
