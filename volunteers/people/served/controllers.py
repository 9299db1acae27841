"""The places one goes to: a page with one field, and a card on the profile."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from marketplace.places.queries import find_places, path_to
from volunteers.people.queries import own_person_id
from volunteers.people.served import queries, service
from volunteers.people.served.forms import PlaceForm
from volunteers.people.served.rules import LEVELS, NoSuchPlace

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
HOME = "/my/places"
MOST_MATCHES = 12
Matches = Sequence[tuple[str, str]]


@get(HOME, guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show where the person goes."""
    return await _mine(principal, Form.empty(PlaceForm))


@post(HOME, guards=[VOLUNTEER])
async def add_place(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Name one place more; where the name fits several, they are offered to choose from."""
    form = await Form.read(request, PlaceForm)
    try:
        asked = form.value
        matches = [] if asked.code else await _matches(asked.place.strip())
        if len(matches) > 1:
            return await _mine(principal, form, matches)
        await service.serve(principal, asked.code or matches[0][0])
    except DomainError as refusal:
        return await _mine(principal, form.refused(refusal))
    return see_other(HOME, N_("已记下。那里的任务会算作你附近的。"))


@post("/my/places/{code:str}/delete", guards=[VOLUNTEER])
async def remove_place(code: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Take a place back."""
    await service.stop_serving(principal, code)
    return see_other(HOME, N_("已删除。"))


async def on_profile(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.times``: where the person goes beside what is near."""
    if await own_person_id(principal) is None:
        return None
    return Fill("volunteers/people/served/card.html", {"rows": await queries.my_places(principal)})


async def _matches(name: str) -> list[tuple[str, str]]:
    """Return the places a name fits as pairs of code and path; the exact ones alone where there are any."""
    if not name:
        raise NoSuchPlace
    found = [place for place in await find_places(name, MOST_MATCHES) if place.level in LEVELS]
    exact = [place for place in found if name in (place.name_zh, place.name_en)]
    if not found:
        raise NoSuchPlace
    return [
        (place.code, " · ".join(localized(above, "name") for above in (await path_to(place.code))[1:]))
        for place in exact or found
    ]


async def _mine(principal: Principal, form: Form[PlaceForm], matches: Matches = ()) -> Response[str]:
    return await page(
        "volunteers/people/served/mine.html",
        status=form.status if form.refusal else None,
        rows=await queries.my_places(principal),
        form=form,
        matches=matches,
        crumbs=[Crumb(N_("我的资料"), "/my/profile"), Crumb(N_("服务的地方"))],
    )
