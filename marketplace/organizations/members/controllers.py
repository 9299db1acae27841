"""The members' page, and what somebody reads who follows an invitation."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires, signed_in
from app.web.pages import page, see_other
from marketplace.organizations.members import queries, service
from marketplace.organizations.members.forms import DutyForm, InviteForm
from marketplace.organizations.members.rules import DUTY_NAMES, DUTY_SHORT
from marketplace.organizations.members.service import Invited
from marketplace.organizations.queries import organization_in_full

MEMBER = requires(Permission.ORGANIZATION_MANAGE)
WORDS = {"duty_names": DUTY_NAMES, "duty_short": DUTY_SHORT}


@get("/my/organizations/{public_id:uuid}/members", guards=[MEMBER])
async def members(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show who acts for the organization."""
    return await _members(principal, public_id, Form.empty(InviteForm))


@post("/my/organizations/{public_id:uuid}/members/invite", guards=[MEMBER])
async def invite(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Invite somebody and show the link, once."""
    form = await Form.read(request, InviteForm)
    try:
        asked = form.value
        invited = await service.invite(principal, public_id, asked.duty, asked.phone)
    except DomainError as refusal:
        return await _members(principal, public_id, form.refused(refusal))
    return await _members(principal, public_id, Form.empty(InviteForm), invited)


@post("/my/organizations/{public_id:uuid}/invitations/{invitation:uuid}/withdraw", guards=[MEMBER])
async def withdraw(public_id: FromPath[UUID], invitation: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Take an invitation back."""
    await service.withdraw(principal, public_id, invitation)
    return see_other(f"/my/organizations/{public_id}/members", N_("已收回，链接不能再用。"))


@post("/my/organizations/{public_id:uuid}/members/{membership:uuid}/duty", guards=[MEMBER])
async def name_duty(
    public_id: FromPath[UUID], membership: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Make a member an owner or an editor."""
    form = await Form.read(request, DutyForm)
    try:
        await service.name_duty(principal, public_id, membership, form.value.duty)
    except DomainError as refusal:
        return await _members(principal, public_id, Form.empty(InviteForm).refused(refusal))
    return see_other(f"/my/organizations/{public_id}/members", N_("已改好。"))


@post("/my/organizations/{public_id:uuid}/members/{membership:uuid}/remove", guards=[MEMBER])
async def remove(public_id: FromPath[UUID], membership: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """End a member's part, or leave."""
    try:
        await service.remove(principal, public_id, membership)
    except DomainError as refusal:
        return await _members(principal, public_id, Form.empty(InviteForm).refused(refusal))
    return see_other("/my/organizations", N_("已移出，从现在起不能再代表本单位。"))


@get("/organizations/join/{token:str}", guards=[public])
async def invitation(token: FromPath[str]) -> Response[str]:
    """Show an invitation to whoever follows its link."""
    return await _invitation(token)


@post("/organizations/join/{token:str}", guards=[signed_in])
async def accept(token: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Join."""
    try:
        organization = await service.accept(principal, token)
    except DomainError as refusal:
        return await _invitation(token, refusal)
    return see_other(f"/my/organizations/{organization}", N_("欢迎加入，你现在可以代表本单位办事。"))


@post("/organizations/join/{token:str}/decline", guards=[signed_in])
async def decline(token: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Turn the invitation down."""
    try:
        await service.decline(principal, token)
    except DomainError as refusal:
        return await _invitation(token, refusal)
    return see_other("/", N_("已谢绝，链接不能再用。"))


async def _invitation(token: str, refusal: DomainError | None = None) -> Response[str]:
    response = await page(
        "marketplace/organizations/join.html",
        status=refusal.status if refusal else None,
        invitation=await queries.invitation(token),
        token=token,
        refusal=refusal.text() if refusal else None,
        **WORDS,
    )
    response.headers["x-robots-tag"] = "noindex"
    response.headers["cache-control"] = "private, no-store"
    return response


async def _members(
    principal: Principal, public_id: UUID, form: Form[InviteForm], invited: Invited | None = None
) -> Response[str]:
    found = await organization_in_full(principal, public_id)
    response = await page(
        "marketplace/organizations/members.html",
        form=form,
        organization=found,
        people=await queries.members_of(principal, public_id),
        invited=invited,
        crumbs=[
            Crumb(N_("我的单位"), "/my/organizations"),
            Crumb(localized(found, "name"), f"/my/organizations/{public_id}"),
            Crumb(N_("成员名单")),
        ],
        **WORDS,
    )
    response.headers["cache-control"] = "private, no-store"
    return response
