"""A station's week on one page, its notice and roster on paper, a poster for an open assignment."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.settings import settings
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import FileFormat, written
from app.web.components import Crumb, Tag
from app.web.filters import WEEKDAYS, localized
from app.web.guards import CurrentPrincipal, public, requires
from app.web.i18n import gettext
from app.web.pages import page
from app.web.qr import svg
from marketplace.places.queries import path_to
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rosters import queries
from volunteers.assignments.rosters.queries import MemberShift, RosterShift, RosterStation
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.tags import SIGN_UP_TAGS, WORDS

STAFF = requires(Permission.ASSIGNMENT_PUBLISH, Permission.ATTENDANCE_CONFIRM)
MEMBERS = requires(Permission.ORGANIZATION_SCHEDULE)
COVERAGE = {
    "missing": Tag("need", N_("缺人")),
    "free": Tag("info", N_("还可报"), "person-plus"),
    "full": Tag("done", N_("已满")),
    "off": Tag("off", N_("不开展")),
}
HEADER = (
    N_("姓名"),
    N_("任务编号"),
    N_("任务名称"),
    N_("岗位"),
    N_("日期"),
    N_("开始"),
    N_("结束"),
    N_("地点"),
    N_("情况"),
)
MEMBERS_WEEKS = 4


@get("/station/week", guards=[STAFF])
async def week(
    principal: CurrentPrincipal, station: FromQuery[int | None] = None, week: FromQuery[date | None] = None
) -> Response[str]:
    """Show a station's week: seven days, each shift with how well it is covered."""
    stations, chosen, monday = await _asked(principal, station, week)
    shifts = await queries.shifts_of(chosen, monday, 7) if chosen else []
    return await page(
        "volunteers/assignments/rosters/week.html",
        stations=[(one.id, localized(one, "name")) for one in stations],
        station=chosen,
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        days=_by_day(monday, shifts),
        counts={word: sum(shift.coverage == word for shift in shifts) for word in COVERAGE},
        coverage=COVERAGE,
        weekdays=WEEKDAYS,
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("一周"))],
        **WORDS,
    )


@get("/station/week/notice", guards=[STAFF])
async def notice(
    principal: CurrentPrincipal, station: FromQuery[int | None] = None, week: FromQuery[date | None] = None
) -> Response[str]:
    """Show the week's notice for the door: who is there when, and a code that leads to what is open."""
    _, chosen, monday = await _asked(principal, station, week)
    if chosen is None:
        raise NotFound
    shifts = [shift for shift in await queries.shifts_of(chosen, monday, 7) if shift.coverage != "off"]
    address = f"{settings().public_url}/assignments?place={chosen.place_code}"
    return await page(
        "volunteers/assignments/rosters/notice.html",
        station=chosen,
        monday=monday,
        days=[(day, found) for day, found in _by_day(monday, shifts) if found],
        code=svg(address),
        address=address,
        thanks=f"{settings().public_url}/t",
        weekdays=WEEKDAYS,
        crumbs=[Crumb(N_("一周"), f"/station/week?station={chosen.id}&week={monday}"), Crumb(N_("一周公告"))],
    )


@get("/station/roster", guards=[STAFF])
async def roster(
    principal: CurrentPrincipal,
    station: FromQuery[int | None] = None,
    day: FromQuery[date | None] = None,
    shift: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a day's roster to print, of a shift's station and day if one is named: everybody, with room to sign."""
    if shift:
        station, day = await queries.station_and_day_of(shift)
    chosen = queries.chosen(await queries.my_stations(principal), station)
    if chosen is None:
        raise NotFound
    on = day or clock.today()
    shifts = [shift for shift in await queries.shifts_of(chosen, on, 1) if shift.coverage != "off"]
    return await page(
        "volunteers/assignments/rosters/roster.html",
        station=chosen,
        day=on,
        shifts=shifts,
        crumbs=[Crumb(N_("站点"), f"/station?day={on}"), Crumb(N_("签到表"))],
    )


@get("/assignments/{reference:str}/poster", guards=[public])
async def poster(reference: FromPath[str]) -> Response[str]:
    """Show a poster for an assignment that still takes people."""
    found = await assignment_page(reference)
    if found.status is not AssignmentStatus.OPEN or found.starts <= clock.now():
        raise NotFound
    address = f"{settings().public_url}/assignments/{reference}"
    return await page(
        "volunteers/assignments/rosters/poster.html",
        assignment=found,
        places=(await path_to(found.place_code))[1:],
        code=svg(address),
        address=address,
        crumbs=[Crumb(N_("做志愿"), "/assignments"), Crumb(reference, f"/assignments/{reference}"), Crumb(N_("海报"))],
        **WORDS,
    )


@get("/organization/schedule", guards=[MEMBERS])
async def schedule(
    principal: CurrentPrincipal, since: FromQuery[date | None] = None, until: FromQuery[date | None] = None
) -> Response[str]:
    """Show where the organization's people are."""
    first, last = _span(since, until)
    return await page(
        "volunteers/assignments/rosters/schedule.html",
        since=first,
        until=last,
        rows=await queries.members_shifts(principal, first, last),
        **WORDS,
    )


@get("/organization/schedule/export", guards=[MEMBERS])
async def schedule_file(
    principal: CurrentPrincipal,
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    format: FromQuery[FileFormat] = "csv",
) -> Response[bytes]:
    """Hand out the same as a file."""
    first, last = _span(since, until)
    rows = await queries.members_shifts(principal, first, last, limit=20_000)
    content = written(format, [gettext(name) for name in HEADER], [_line(row) for row in rows])
    return as_file(content, f"{gettext(N_('成员排班'))}-{first}-{last}.{format}", format)


async def _asked(
    principal: Principal, station: int | None, week: date | None
) -> tuple[list[RosterStation], RosterStation | None, date]:
    stations = await queries.my_stations(principal)
    return stations, queries.chosen(stations, station), clock.week_start(week or clock.today())


def _by_day(monday: date, shifts: list[RosterShift]) -> list[tuple[date, list[RosterShift]]]:
    days = [monday + timedelta(days=step) for step in range(7)]
    return [(day, [shift for shift in shifts if clock.local(shift.starts).date() == day]) for day in days]


def _span(since: date | None, until: date | None) -> tuple[date, date]:
    first = since or clock.today()
    return first, max(first, until or first + timedelta(weeks=MEMBERS_WEEKS))


def _line(row: MemberShift) -> list[Any]:
    starts, ends = clock.local(row.starts), clock.local(row.ends)
    return [
        *(row.person, row.reference, localized(row, "title"), localized(row, "role"), starts.date()),
        *(starts.time(), ends.time(), localized(row, "place"), gettext(str(SIGN_UP_TAGS[row.status].label))),
    ]
