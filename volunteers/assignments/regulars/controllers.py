"""The station's page of those who come often, and the mark."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from volunteers.assignments.patterns.forms import Weekday
from volunteers.assignments.regulars import queries, service
from volunteers.assignments.rosters.queries import chosen, my_stations

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
HOME = "/station/regulars"


class WeekdaysForm(msgspec.Struct):
    """The weekdays that are somebody's."""

    weekdays: list[Weekday] = []


MARKED, OFTEN = Tag("done", N_("站点标记"), "pin-angle"), Tag("info", N_("来得多"), "repeat")


@get(HOME, guards=[DESK])
async def regulars(principal: CurrentPrincipal, station: FromQuery[int | None] = None) -> Response[str]:
    """Show who comes often to a station, who has come before, and mark or unmark them."""
    stations = await my_stations(principal)
    found = chosen(stations, station)
    rows = await queries.comers(found) if found else []
    return await page(
        "volunteers/assignments/regulars/list.html",
        stations=[(one.id, localized(one, "name")) for one in stations],
        station=found,
        regulars=[row for row in rows if row.regular],
        others=[row for row in rows if not row.regular],
        marked_tag=MARKED,
        often_tag=OFTEN,
        weekdays=WEEKDAYS,
        kept=kept_by_day(rows),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("常来的人"))],
    )


@post("/station/{station:int}/regulars/{person:uuid}/mark", guards=[DESK])
async def mark(station: FromPath[int], person: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Mark somebody."""
    await service.mark(principal, station, person)
    return see_other(f"{HOME}?station={station}", N_("已标为常来的人。"))


@post("/station/{station:int}/regulars/{person:uuid}/unmark", guards=[DESK])
async def unmark(station: FromPath[int], person: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take the mark away."""
    await service.unmark(principal, station, person)
    return see_other(f"{HOME}?station={station}", N_("已取消标记。"))


@post("/station/{station:int}/regulars/{person:uuid}/weekdays", guards=[DESK])
async def keep_weekdays(
    station: FromPath[int], person: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Redirect:
    """Keep the ticked weekdays for somebody."""
    form = await Form.read(request, WeekdaysForm)
    await service.keep_weekdays(principal, station, person, [int(day) for day in form.value.weekdays])
    return see_other(f"{HOME}?station={station}", N_("已保存。以后的每周排班照这个来。"))


def kept_by_day(rows: Sequence[queries.Comer]) -> list[tuple[str, list[str]]]:
    """Return each weekday that is kept for somebody, with their names."""
    names = [(WEEKDAYS[day], [row.name for row in rows if day in row.weekdays]) for day in range(len(WEEKDAYS))]
    return [(day, whose) for day, whose in names if whose]


async def at_station(principal: Principal, *_day: Any) -> Fill | None:
    """Fill ``station.aside``: the way to the page."""
    return Fill("volunteers/assignments/regulars/link.html") if principal.can(Permission.ASSIGNMENT_PUBLISH) else None
