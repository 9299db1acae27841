"""The page where a person makes and ends calendar addresses, and the calendars themselves."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.settings import settings
from app.core.text import N_
from app.web import qr
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.calendars import queries, service
from volunteers.calendars.calendar_file import written
from volunteers.calendars.forms import StationFeedForm

HOLDERS = requires(Permission.VOLUNTEER_SELF, Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
OWN = requires(Permission.VOLUNTEER_SELF)
STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
FRESH_SECONDS = 300
SUFFIX = ".ics"


@get("/calendar/{name:str}", guards=[public])
async def calendar(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send the calendar behind a private address; a calendar program that has it already is told so."""
    if not name.endswith(SUFFIX):
        raise NotFound
    content = written(await queries.feed_behind(name.removesuffix(SUFFIX)))
    mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": mark, "cache-control": f"private, max-age={FRESH_SECONDS}", "x-robots-tag": "noindex"}
    if mark in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="text/calendar", headers=headers)


@get("/my/calendar", guards=[HOLDERS])
async def calendars(principal: CurrentPrincipal) -> Response[str]:
    """Show which addresses are in force, and offer to make one."""
    return await _calendars(principal)


@post("/my/calendar", guards=[OWN])
async def make_own(principal: CurrentPrincipal) -> Response[str]:
    """Make the address of one's own calendar and show it on this answer only."""
    return await _calendars(principal, await service.make_own_feed(principal))


@post("/my/calendar/station", guards=[STAFF])
async def make_for_station(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Make the address of a station's calendar and show it on this answer only."""
    form = await Form.read(request, StationFeedForm)
    try:
        secret = await service.make_station_feed(principal, form.value.station)
    except DomainError as refusal:
        return await _calendars(principal, form=form.refused(refusal))
    return await _calendars(principal, secret)


@post("/my/calendar/{public_id:uuid}/revoke", guards=[HOLDERS])
async def revoke(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """End an address."""
    await service.revoke_feed(principal, public_id)
    return see_other("/my/calendar", N_("这个日历地址已失效。"))


def address_of(secret: str) -> str:
    """Return the address that a calendar program subscribes to."""
    return f"{settings().public_url}/calendar/{secret}{SUFFIX}"


async def _calendars(
    principal: Principal, secret: str = "", form: Form[StationFeedForm] | None = None
) -> Response[str]:
    address = address_of(secret) if secret else ""
    return await page(
        "volunteers/calendars/calendars.html",
        form=form or Form.empty(StationFeedForm),
        address=address,
        subscribe=address.replace("https://", "webcal://").replace("http://", "webcal://"),
        code=qr.svg(address) if address else "",
        feeds=await queries.own_feeds(principal),
        stations=[(one.id, localized(one, "name")) for one in await queries.stations_of(principal)],
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("日历订阅"))],
    )
