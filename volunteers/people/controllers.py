"""A volunteer's own profile: times, credentials, bank account, ties to parties, pausing and leaving."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.leaving import declare_recusal, leave
from volunteers.people import queries, service
from volunteers.people.credentials.own.forms import CredentialForm, uploaded
from volunteers.people.credentials.rules import GROUND_NAMES
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.credentials.service import add_credential
from volunteers.people.credentials.tags import CREDENTIAL_TAGS
from volunteers.people.forms import (
    BankForm,
    CorpsForm,
    FreeTimesForm,
    PreferencesForm,
    RecusalForm,
    slots_of,
    windows_of,
)
from volunteers.people.queries import ProfileView
from volunteers.people.registration.controllers import TIMES_WORDS
from volunteers.people.rules import CORPS_NAMES, STATUS_NAMES, Corps, PersonEvent, PersonStatus

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
HOME = "/my/profile"
STATUS_TAGS = {
    PersonStatus.ACTIVE: Tag("done", STATUS_NAMES[PersonStatus.ACTIVE]),
    PersonStatus.PAUSED: Tag("wait", STATUS_NAMES[PersonStatus.PAUSED], "pause-circle"),
    PersonStatus.LEFT: Tag("off", STATUS_NAMES[PersonStatus.LEFT]),
}


@get("/my/profile", guards=[VOLUNTEER])
async def profile(principal: CurrentPrincipal) -> Response[Any]:
    """Show everything the platform knows about the person, numbers masked."""
    if await queries.own_person_id(principal) is None:
        return see_other("/join")
    return await _profile(principal)


@post("/my/profile/times", guards=[VOLUNTEER])
async def change_times(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Store when the person is free."""
    form = await Form.read(request, FreeTimesForm)
    try:
        await service.set_availability(principal, windows_of(form.value.slots))
    except DomainError as refusal:
        return await _profile(principal, times=form.refused(refusal))
    return see_other(HOME, N_("已保存。"))


@post("/my/profile/preferences", guards=[VOLUNTEER])
async def change_preferences(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Store what suits the person, and how much of it."""
    form = await Form.read(request, PreferencesForm)
    try:
        asked = form.value
        await service.set_preferences(principal, asked.limits(), asked.languages, asked.skills, asked.kinds)
    except DomainError as refusal:
        return await _profile(principal, preferences=form.refused(refusal))
    return see_other(HOME, N_("已保存。"))


@post("/my/profile/corps", guards=[VOLUNTEER])
async def change_corps(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Store what the person is."""
    form = await Form.read(request, CorpsForm)
    try:
        await service.set_corps(principal, form.value.corps)
    except DomainError as refusal:
        return await _profile(principal, corps=form.refused(refusal))
    return see_other(HOME, N_("已保存。"))


@post("/my/profile/credentials", guards=[VOLUNTEER])
async def claim(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Claim a credential."""
    form = await Form.read(request, CredentialForm)
    try:
        await add_credential(principal, form.value.stated(), await uploaded(form))
    except DomainError as refusal:
        return await _profile(principal, credential=form.refused(refusal))
    return see_other(HOME, N_("证件已提交，核验后会通知你。"))


@post("/my/profile/bank", guards=[VOLUNTEER])
async def change_bank(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say where subsidies go."""
    form = await Form.read(request, BankForm)
    try:
        await service.set_bank_account(principal, form.value.bank_name, form.value.bank_account.replace(" ", ""))
    except DomainError as refusal:
        return await _profile(principal, bank=form.refused(refusal))
    return see_other(HOME, N_("已保存，账号加密存放。"))


@post("/my/profile/recusals", guards=[VOLUNTEER])
async def recuse(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Declare a tie to a party."""
    form = await Form.read(request, RecusalForm)
    try:
        released = await declare_recusal(principal, form.value.party.strip())
    except DomainError as refusal:
        return await _profile(principal, recusal=form.refused(refusal))
    return see_other(HOME, N_("已登记回避，退出了 %(count)s 个相关任务。"), count=released)


@post("/my/profile/{event:str}", guards=[VOLUNTEER])
async def change_status(event: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Pause, resume or leave."""
    if event == PersonEvent.LEAVE:
        released = await leave(principal)
        return see_other(HOME, N_("你已退出，让出了 %(count)s 个名额。谢谢你做过的一切。"), count=released)
    if event not in (PersonEvent.PAUSE, PersonEvent.RESUME):
        raise NotFound
    await service.change_status(principal, PersonEvent(event))
    return see_other(HOME, N_("已保存。"))


async def _profile(principal: Principal, **forms: Form[Any]) -> Response[str]:
    found = await queries.profile(principal)
    refused = next(iter(forms.values()), None)
    shown: dict[str, Any] = {
        "corps": Form.of(CorpsForm([Corps(code) for code in found.corps])),
        "times": Form.of(FreeTimesForm(slots_of(found.availability))),
        "preferences": Form.of(_preferences(found)),
        "credential": Form.empty(CredentialForm),
        "bank": Form.empty(BankForm, bank_name=found.bank_name),
        "recusal": Form.empty(RecusalForm),
        **forms,
    }
    return await page(
        "volunteers/people/profile.html",
        status=refused.status if refused else None,
        volunteer=found,
        forms=shown,
        opened=next(iter(forms), ""),
        untold=windows_of(slots_of(found.availability)) != list(found.availability),
        corps_names=CORPS_NAMES,
        credential_names=CREDENTIAL_NAMES,
        credential_tags=CREDENTIAL_TAGS,
        ground_names=GROUND_NAMES,
        status_tags=STATUS_TAGS,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("我的资料"))],
        **TIMES_WORDS,
    )


def _preferences(found: ProfileView) -> PreferencesForm:
    limits = found.limits
    return PreferencesForm(
        languages=list(found.languages),
        skills=list(found.skills),
        kinds=[Kind(kind) for kind in found.preferred_kinds],
        max_shifts_week=limits.max_shifts_week,
        max_travel_km=max(1, limits.max_travel_m // 1000),
        max_hours_day=max(1, limits.max_minutes_day // 60),
        max_hours_week=max(1, limits.max_minutes_week // 60),
    )
