"""Handing out who a plan sends where: a table for spreadsheets, a calendar for calendar programs."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext, translate
from app.web.pages import to_save
from volunteers.assignments.rules import KIND_NAMES
from volunteers.calendars import calendar_file
from volunteers.dispatch import queries as plans
from volunteers.dispatch.exports.calendar import calendar_of
from volunteers.dispatch.forms import PeopleForm
from volunteers.dispatch.pages import week_text
from volunteers.dispatch.people import queries
from volunteers.dispatch.people.queries import SeatFilter, SeatView
from volunteers.dispatch.people.tags import standing
from volunteers.dispatch.queries import RunView

PlanFormat = Literal["csv", "xlsx", "ics"]
MOST = 20_000
"""Seats in one file: three times a whole city's week."""
HEADER = (
    *(
        N_("日期"),
        N_("开始"),
        N_("结束"),
        N_("地区代码"),
        N_("地点"),
        N_("任务编号"),
        N_("任务"),
        N_("类型"),
        N_("岗位"),
    ),
    *(N_("姓名"), N_("绿色通道"), N_("状态")),
)
_YES, _NO = N_("是"), N_("否")


@get("/dispatch/{run:uuid}/export", guards=[requires(Permission.DISPATCH_PLAN)])
async def export(
    request: Request[Any, Any, Any],
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    format: FromQuery[PlanFormat] = "xlsx",
) -> Response[bytes]:
    """Hand out the rows that the list of people shows, with the same filters."""
    return await exported(principal, run, Form.from_query(request, PeopleForm).value.asked(), format)


async def exported(principal: Principal, run: UUID, asked: SeatFilter, file_format: PlanFormat) -> Response[bytes]:
    """Return the file, for pages and for programs."""
    view = await plans.run_view(principal, run)
    seats = await queries.seats_of(run, asked, limit=MOST)
    name = f"{localized(view, 'place')} · {week_text(view.week_start)}"
    file_name = f"{localized(view, 'place')}-{view.week_start}.{file_format}"
    if file_format == "ics":
        return _as_calendar(view, seats, name, file_name)
    header = [gettext(column) for column in HEADER]
    content = await asyncio.to_thread(written, file_format, header, [_line(seat) for seat in seats])
    return as_file(content, file_name, file_format)


def _as_calendar(view: RunView, seats: Sequence[SeatView], name: str, file_name: str) -> Response[bytes]:
    content = calendar_file.written(calendar_of(seats, name, view.published_at or view.created_at))
    return to_save(content, file_name, "text/calendar")


def _line(seat: SeatView) -> list[Any]:
    starts, ends = clock.local(seat.starts), clock.local(seat.ends)
    return [
        *(starts.date(), starts.time(), ends.time(), seat.place_code, localized(seat, "place"), seat.reference),
        *(localized(seat, "title"), gettext(KIND_NAMES[seat.kind]), localized(seat, "role"), seat.name),
        gettext(_YES if seat.green else _NO),
        translate(standing(seat).label),
    ]
