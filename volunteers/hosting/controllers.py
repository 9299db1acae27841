"""The host's desk: people who agreed, one form for a new one, their seats."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.rules import PRIVACY_NOTICE
from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.places.queries import find_places
from volunteers.assignments.queries import AssignmentFilter, open_assignments, position_id
from volunteers.assignments.rules import SignUpMode
from volunteers.assignments.sign_ups.rules import SignUpRefused
from volunteers.assignments.tags import WORDS
from volunteers.hosting import queries, service
from volunteers.hosting.forms import HostedForm
from volunteers.hosting.rules import AGREED_TO

HOST = requires(Permission.ORGANIZATION_SCHEDULE)
HOME = "/organization/hosted"
SHOWN = 12


@get(HOME, guards=[HOST])
async def hosted(principal: CurrentPrincipal) -> Response[str]:
    """Show whom the organization may act for, and the form for one more."""
    return await _hosted(principal, Form.empty(HostedForm, given_on=clock.today()))


@post(HOME, guards=[HOST])
async def register(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Register somebody who has just agreed."""
    form = await Form.read(request, HostedForm)
    try:
        asked = form.value
        profile = asked.profile(await _home_code(asked.home.strip()), PRIVACY_NOTICE)
        consent = await service.register_for(
            principal, asked.organization, profile, asked.phone, asked.given_on, agreed=asked.agreed
        )
    except DomainError as refusal:
        return await _hosted(principal, form.refused(refusal))
    return see_other(f"{HOME}/{consent}", N_("已登记，本人收到了短信。现在可以替他报名。"))


@get("/organization/hosted/{consent:uuid}", guards=[HOST])
async def person(consent: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show somebody's seats, and what suits them."""
    return await _person(principal, consent)


@post("/organization/hosted/{consent:uuid}/{reference:str}/{number:int}", guards=[HOST])
async def sign_up(
    consent: FromPath[UUID], reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Take a seat in their name."""
    try:
        await service.sign_up_for(principal, consent, await position_id(reference, number))
    except SignUpRefused as refusal:
        return await _person(principal, consent, refusal)
    return see_other(f"{HOME}/{consent}", N_("已替他报名，本人收到了短信。"))


@post("/organization/hosted/{consent:uuid}/withdraw/{seat:uuid}", guards=[HOST])
async def withdraw(consent: FromPath[UUID], seat: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Give a seat back in their name."""
    await service.withdraw_for(principal, consent, seat)
    return see_other(f"{HOME}/{consent}", N_("已替他退出，本人收到了短信。"))


@post("/organization/hosted/{consent:uuid}/end", guards=[HOST])
async def lay_down(consent: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Act for them no more."""
    await service.take_back(principal, consent)
    return see_other(HOME, N_("已停止代办，本人收到了短信。"))


async def _home_code(name: str) -> str:
    found = [place for place in await find_places(name, SHOWN) if place.level in ("town", "village")] if name else []
    exact = [place for place in found if name in (place.name_zh, place.name_en)] or found
    if len(exact) != 1:
        text = N_("有几个同名的地方，请写全称。") if exact else N_("没有找到这个地方。试试少写几个字，例如“文晖”。")
        raise InvalidInput({"home": Message(text)})
    return exact[0].code


async def _hosted(principal: Principal, form: Form[HostedForm]) -> Response[str]:
    hosts = await queries.own_hosts(principal)
    return await page(
        "volunteers/hosting/hosted.html",
        status=form.status if form.refusal else None,
        people=await queries.hosted_people(principal),
        hosts=[(number, localized({"name_zh": zh, "name_en": en}, "name")) for number, zh, en in hosts],
        form=form,
        agreed_to=AGREED_TO,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("代办报名"))],
    )


async def _person(principal: Principal, consent: UUID, refusal: SignUpRefused | None = None) -> Response[str]:
    found = await queries.hosted_person(principal, consent)
    wanted = AssignmentFilter(person_id=found.person_id, eligible=True, near=True)
    rows = await open_assignments(wanted, limit=SHOWN)
    return await page(
        "volunteers/hosting/person.html",
        status=refusal.status if refusal else None,
        hosted=found,
        refusal=refusal,
        seats=await queries.seats_of(found),
        rows=[row for row in rows if row.sign_up_mode is SignUpMode.INSTANT and not row.mine],
        crumbs=[Crumb(N_("代办报名"), HOME), Crumb(found.name)],
        **WORDS,
    )
