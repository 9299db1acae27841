"""The map of where people are missing, down to the town and the seat, each with its causes and what to do."""

import asyncio
from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.controllers import as_file
from app.imports.writing import FileFormat, written
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext
from app.web.map_svg import Picture
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.places.district_map import Figure, district_map
from marketplace.places.names import city
from marketplace.places.queries import path_to
from volunteers.assignments.desk.service import change_details
from volunteers.assignments.rules import SignUpMode
from volunteers.assignments.tags import WORDS
from volunteers.dispatch.tags import REASON_NAMES
from volunteers.gaps import queries, rules
from volunteers.gaps.queries import AreaGaps, Gap, Uncounted
from volunteers.gaps.rules import ACTION_NAMES, CAUSE_NAMES

PLANS = requires(Permission.DISPATCH_PLAN)
HOME = "/gaps"
SHOWN = 20
TIP = N_("%(district)s：缺 %(missing)s 人，占必需的 %(percent)s%%")
COVERED = Figure(0, Message(N_("%(district)s：必需的人都齐了，或没有任务")))
KEY = ((0, N_("不缺")), (1, N_("少")), (2, N_("较少")), (3, N_("较多")), (4, N_("最多")))
HEADER = (
    *(N_("任务"), N_("任务名称"), N_("岗位"), N_("地区代码"), N_("乡镇街道"), N_("地点"), N_("日期"), N_("开始")),
    *(N_("结束"), N_("最少人数"), N_("缺几人"), N_("绿色通道"), N_("原因"), N_("持证且够得着"), N_("合适"), N_("有空")),
)


@get(HOME, guards=[PLANS])
async def gaps(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    week: FromQuery[date | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the share of required seats that nobody has taken, on the map or by town, and each seat with its causes."""
    area = queries.area_of(principal, place)
    first, last = rules.period(week, clock.now())
    parts = await queries.areas(area, first, last)
    whole = area == city()[0]
    after = decode_cursor(cursor, queries.GapKey)
    found = await queries.gaps(area, first, last, after, SHOWN + 1)
    return await page(
        "volunteers/gaps/gaps.html",
        area=area,
        week=week,
        weeks=_weeks(),
        parts=parts,
        required=sum(part.required for part in parts),
        missing=sum(part.missing for part in parts),
        picture=await _picture(parts, week) if whole else None,
        key=KEY,
        chart=_chart(parts) if parts and not whole else None,
        part=sliced(found, lambda gap: gap.key, SHOWN),
        cause_names=CAUSE_NAMES,
        action_names=ACTION_NAMES,
        plan_reasons=REASON_NAMES,
        share=rules.percent,
        crumbs=await _crumbs(principal, area),
        **WORDS,
    )


@get("/gaps/causes", guards=[PLANS])
async def causes(
    principal: CurrentPrincipal, place: FromQuery[str] = "", week: FromQuery[date | None] = None
) -> Response[str]:
    """Show how many seats are missing for which cause, over the first few hundred gaps."""
    area = queries.area_of(principal, place)
    found = await queries.gaps(area, *rules.period(week, clock.now()))
    counted = queries.by_cause(found)
    names = [CAUSE_NAMES[cause] for cause in counted]
    return await page(
        "volunteers/gaps/causes.html",
        area=area,
        week=week,
        seats=sum(counted.values()),
        cut=len(found) == queries.MOST,
        most=queries.MOST,
        chart=Chart("row", N_("缺人的原因"), names, [Series(N_("人数"), list(counted.values()))], N_("人数")),
        crumbs=[*await _crumbs(principal, area), Crumb(N_("原因"))],
    )


@get("/gaps/export", guards=[PLANS])
async def export(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    week: FromQuery[date | None] = None,
    format: FromQuery[FileFormat] = "csv",
) -> Response[bytes]:
    """Hand out all gaps as a file, the first few hundred with their causes; of the others it says so."""
    area = queries.area_of(principal, place)
    first, last = rules.period(week, clock.now())
    found = await queries.gaps(area, first, last, limit=queries.MOST)
    lines = [_line(gap) for gap in found]
    if len(found) == queries.MOST:
        lines += [_line(seat) for seat in await queries.uncounted(area, first, last, found[-1].key)]
    content = await asyncio.to_thread(written, format, [gettext(name) for name in HEADER], lines)
    return as_file(content, f"{gettext(N_('缺口'))}-{area}-{clock.local(first).date()}.{format}", format)


@post("/gaps/{reference:str}/by-request", guards=[PLANS])
async def by_request(reference: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Let people ask for the seats instead: who is unsure asks sooner than who must promise."""
    await change_details(principal, reference, {"sign_up_mode": SignUpMode.REQUEST})
    return see_other(f"/station/shifts/{reference}", N_("已改成先申请，有人申请会通知站点。"))


async def _picture(parts: list[AreaGaps], week: date | None) -> Picture:
    figures = {
        part.code: Figure(part.percent, Message(TIP, {"missing": part.missing, "percent": part.percent}))
        for part in parts
        if part.missing
    }
    return await district_map(figures, COVERED, link=f"{HOME}?{f'week={week}&' if week else ''}place=")


def _chart(parts: list[AreaGaps]) -> Chart:
    names = [localized(part, "name") for part in parts]
    shares = [Series(N_("缺人占比"), [part.percent for part in parts])]
    return Chart("row", N_("必需的人缺多少"), names, shares, "%")


async def _crumbs(principal: Principal, area: str) -> list[Crumb]:
    scope = principal.scope(Permission.DISPATCH_PLAN)
    above = [one for one in await path_to(area) if scope.covers_place(one.code)] if area else []
    return [Crumb(N_("缺口"), HOME), *(Crumb(localized(one, "name"), f"{HOME}?place={one.code}") for one in above[1:])]


def _weeks() -> list[date]:
    monday = clock.week_start(clock.today())
    return [monday + timedelta(weeks=ahead) for ahead in range(6)]


def _line(seat: Gap | Uncounted) -> list[Any]:
    starts, ends = clock.local(seat.starts), clock.local(seat.ends)
    return [
        *(seat.reference, localized(seat, "title"), localized(seat, "role"), seat.place_code, localized(seat, "town")),
        *(localized(seat, "place"), starts.date(), starts.time(), ends.time(), seat.minimum, seat.missing),
        *(gettext(N_("是")) if seat.green else "", *_counted(seat)),
    ]


def _counted(seat: Gap | Uncounted) -> list[Any]:
    """Return the causes and the people in reach, or in their place that nobody was counted."""
    if isinstance(seat, Uncounted):
        return [gettext(N_("未计算")), "", "", ""]
    why = gettext(N_("；")).join(gettext(CAUSE_NAMES[cause]) for cause in seat.causes)
    return [why, seat.facts.licensed, seat.facts.fit, seat.facts.free]
