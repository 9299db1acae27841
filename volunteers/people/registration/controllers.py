"""Joining in three short screens: who you are (one is in after it), when you are free, what you are licensed for."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post

from app.accounts.rules import PRIVACY_NOTICE
from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires, signed_in
from app.web.pages import page, see_other
from marketplace.places.queries import PlaceView, find_places, path_to
from volunteers.assignments.rules import KIND_NAMES as TASK_NAMES
from volunteers.people import service
from volunteers.people.credentials.own.forms import CredentialForm, uploaded
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.credentials.service import add_credential
from volunteers.people.forms import FIRST_LIMITS, PART_NAMES, JoinForm, SecondScreenForm, windows_of
from volunteers.people.queries import own_person_id
from volunteers.people.registration.service import join
from volunteers.people.rules import CORPS_NAMES, LANGUAGE_NAMES, SKILL_NAMES, Corps

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
MOST_MATCHES = 12
STEPS = (N_("第 1 步，共 3 步"), N_("第 2 步，共 3 步"), N_("第 3 步，共 3 步"))
TIMES_WORDS: dict[str, Any] = {
    "weekdays": WEEKDAYS,
    "parts": PART_NAMES,
    "language_names": LANGUAGE_NAMES,
    "skill_names": SKILL_NAMES,
    "task_names": TASK_NAMES,
}


class SeveralPlaces(InvalidInput):
    """The typed name fits several places, which are offered to choose from."""

    message = N_("有几个同名的地方，请选一个。")

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        """Keep the places as pairs of code and path."""
        super().__init__({"home": Message(self.message)})
        self.choices = choices


@get("/join", guards=[signed_in])
async def join_form(principal: CurrentPrincipal) -> Response[Any]:
    """Show the first screen."""
    if await own_person_id(principal) is not None:
        return see_other("/my/profile")
    return await _first(Form.empty(JoinForm, corps=[Corps.VOLUNTEER]))


@post("/join", guards=[signed_in])
async def join_now(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take the person in."""
    form = await Form.read(request, JoinForm)
    try:
        asked = form.value
        await join(principal, asked.profile(await _home(asked), PRIVACY_NOTICE))
    except SeveralPlaces as several:
        return await _first(form.refused(several), several.choices)
    except DomainError as refusal:
        return await _first(form.refused(refusal))
    return see_other("/join/times", N_("欢迎加入！再用一分钟说说你什么时候有空。"))


@get("/join/times", guards=[VOLUNTEER])
async def times_form() -> Response[str]:
    """Show the second screen."""
    return await _second(Form.empty(SecondScreenForm, **FIRST_LIMITS))


@post("/join/times", guards=[VOLUNTEER])
async def say_times(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Store when the person is free and what suits them."""
    form = await Form.read(request, SecondScreenForm)
    try:
        asked = form.value
        await service.set_preferences(principal, asked.limits(), asked.languages, asked.skills, asked.kinds)
        await service.set_availability(principal, windows_of(asked.slots))
    except DomainError as refusal:
        return await _second(form.refused(refusal))
    return see_other("/join/credential")


@get("/join/credential", guards=[VOLUNTEER])
async def credential_form() -> Response[str]:
    """Show the third screen."""
    return await _third(Form.empty(CredentialForm))


@post("/join/credential", guards=[VOLUNTEER])
async def claim_credential(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Claim a credential and go on to the assignments."""
    form = await Form.read(request, CredentialForm)
    try:
        await add_credential(principal, form.value.stated(), await uploaded(form))
    except DomainError as refusal:
        return await _third(form.refused(refusal))
    return see_other("/assignments?eligible=on", N_("证件已提交，核验后会通知你。现在就能报不需要证件的任务。"))


async def _home(asked: JoinForm) -> str:
    """Return the code of the home place: chosen, or the only one that the typed name fits."""
    if asked.home_code:
        return asked.home_code
    name = asked.home.strip()
    if not name:
        raise InvalidInput({"home": Message(N_("请填写你住的村、社区或街道。"))})
    found = [place for place in await find_places(name, MOST_MATCHES + 1) if place.level in ("town", "village")]
    exact = [place for place in found if name in (place.name_zh, place.name_en)]
    if len(exact or found) == 1:
        return (exact or found)[0].code
    if not found:
        raise InvalidInput({"home": Message(N_("没有找到这个地方。试试少写几个字，例如“文晖”。"))})
    raise SeveralPlaces([(place.code, await _path(place)) for place in (exact or found)[:MOST_MATCHES]])


async def _path(place: PlaceView) -> str:
    return " · ".join(localized(above, "name") for above in (await path_to(place.code))[1:])


async def _first(form: Form[JoinForm], matches: Sequence[tuple[str, str]] = ()) -> Response[str]:
    return await page("volunteers/people/join.html", form=form, matches=matches, corps_names=CORPS_NAMES, step=STEPS[0])


async def _second(form: Form[SecondScreenForm]) -> Response[str]:
    return await page("volunteers/people/join_times.html", form=form, step=STEPS[1], **TIMES_WORDS)


async def _third(form: Form[CredentialForm]) -> Response[str]:
    return await page(
        "volunteers/people/join_credential.html",
        form=form,
        step=STEPS[2],
        credential_names=CREDENTIAL_NAMES,
        today=clock.today(),
    )
