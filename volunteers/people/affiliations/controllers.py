"""One's own organization, and an organization's members."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.people.affiliations import queries, service
from volunteers.people.affiliations.forms import AnswerForm, AskForm
from volunteers.people.affiliations.rules import BY_THE_ORGANIZATION, AffiliationEvent, AffiliationStatus
from volunteers.people.affiliations.tags import TAGS
from volunteers.people.credentials.rules import KIND_NAMES

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
MEMBERS = requires(Permission.ORGANIZATION_SCHEDULE)
HOME = "/my/organization"
FOLDER = "volunteers/people/affiliations"


@get(HOME, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal, q: FromQuery[str | None] = None) -> Response[str]:
    """Show where the person belongs, or find an organization to ask."""
    return await _mine(principal, Form.empty(AskForm), q or "")


@post(HOME, guards=[VOLUNTEER])
async def ask(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Ask an organization to take one as its member."""
    form = await Form.read(request, AskForm)
    try:
        await service.ask(principal, form.value.organization, form.value.note)
    except DomainError as refusal:
        return await _mine(principal, form.refused(refusal), "")
    return see_other(HOME, N_("已申请。机构答复后马上通知你，这期间照常可以报名。"))


@post("/my/organization/{public_id:uuid}/end", guards=[VOLUNTEER])
async def step_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Withdraw the asking, or leave."""
    status = await service.step_back(principal, public_id)
    said = N_("已撤回申请。") if status is AffiliationStatus.WITHDRAWN else N_("你已离开这家机构。")
    return see_other(HOME, said)


@get("/organization/members", guards=[MEMBERS])
async def members(principal: CurrentPrincipal) -> Response[str]:
    """Show who asks to belong and who belongs."""
    return await page(
        f"{FOLDER}/members.html",
        asking=await queries.members(principal, AffiliationStatus.ASKED),
        belonging=await queries.members(principal, AffiliationStatus.CONFIRMED),
        credential_names=KIND_NAMES,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("机构成员"))],
    )


@post("/organization/members/{public_id:uuid}/{event:str}", guards=[MEMBERS])
async def answer(
    public_id: FromPath[UUID], event: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Redirect:
    """Confirm, refuse or dismiss."""
    if event not in BY_THE_ORGANIZATION:
        raise NotFound
    form = await Form.read(request, AnswerForm)
    status = await service.answer(principal, public_id, AffiliationEvent(event), form.value.reason)
    told = N_("已确认，并通知了本人。") if status is AffiliationStatus.CONFIRMED else N_("已答复，本人会收到原因。")
    return see_other("/organization/members", told)


async def _mine(principal: Principal, form: Form[AskForm], name: str) -> Response[str]:
    rows = await queries.my_affiliations(principal)
    live = [row for row in rows if row.status in (AffiliationStatus.ASKED, AffiliationStatus.CONFIRMED)]
    found = await queries.organizations_named(name) if name.strip() and not live else []
    return await page(
        f"{FOLDER}/mine.html",
        status=form.status if form.refusal else None,
        live=live[0] if live else None,
        past=[row for row in rows if row not in live],
        form=form,
        name=name,
        found=[(one.public_id, f"{localized(one, 'name')} · {localized(one, 'place')}") for one in found],
        tags=TAGS,
        crumbs=[Crumb(N_("我的资料"), "/my/profile"), Crumb(N_("所属机构"))],
    )
