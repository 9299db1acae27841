"""A station's weekly patterns: state one, see what it will make, make it, change it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.state import events_from
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.desk.controllers import GENDERS
from volunteers.assignments.desk.grounds import place_of, stations_of, training_options
from volunteers.assignments.desk.rows import PositionRows
from volunteers.assignments.patterns import queries, service
from volunteers.assignments.patterns.forms import GenerateForm, PatternForm, days_in
from volunteers.assignments.patterns.queries import Pattern
from volunteers.assignments.patterns.rules import (
    EVENT_NAMES,
    HOLIDAY_NAMES,
    MOST_WEEKS,
    STATUS_NAMES,
    TRANSITIONS,
    PatternEvent,
    PatternStatus,
)
from volunteers.assignments.tags import WORDS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
TAGS = {
    PatternStatus.ACTIVE: Tag("done", STATUS_NAMES[PatternStatus.ACTIVE]),
    PatternStatus.PAUSED: Tag("wait", STATUS_NAMES[PatternStatus.PAUSED]),
    PatternStatus.ENDED: Tag("off", STATUS_NAMES[PatternStatus.ENDED]),
}
DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
CRUMBS = (Crumb(N_("站点"), "/station"), Crumb(N_("排班规律"), "/station/patterns"))


@get("/station/patterns", guards=[DESK])
async def patterns(principal: CurrentPrincipal) -> Response[str]:
    """List the patterns of one's stations."""
    return await page(
        "volunteers/assignments/patterns/list.html",
        patterns=await queries.patterns(principal),
        tags=TAGS,
        weekdays=WEEKDAYS,
        crumbs=[CRUMBS[0], Crumb(N_("排班规律"))],
        **WORDS,
    )


@get("/station/patterns/new", guards=[DESK])
async def new_pattern(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty pattern: working days, from today on."""
    first = Form.empty(PatternForm, insured=True, valid_from=clock.today(), weekdays=["0", "1", "2", "3", "4"])
    return await _edit(principal, first, PositionRows([]))


@post("/station/patterns/new", guards=[DESK])
async def create(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """State a pattern and go on to what it will make."""
    form, rows = await Form.read(request, PatternForm), await PositionRows.read(request)
    if rows.asked_for_more:
        return await _edit(principal, form, rows, status=200)
    try:
        form.errors |= rows.errors
        public_id = await service.create_pattern(principal, await _stated(principal, form.value, rows))
    except DomainError as refusal:
        return await _edit(principal, form.refused(refusal), rows)
    return see_other(f"/station/patterns/{public_id}", N_("已保存。看一下将要生成的班次，没有问题就生成。"))


@get("/station/patterns/{public_id:uuid}", guards=[DESK])
async def show(
    public_id: FromPath[UUID], principal: CurrentPrincipal, weeks: FromQuery[int | None] = None
) -> Response[str]:
    """Show a pattern and, day by day, what is there and what generating would make."""
    found = await queries.pattern(principal, public_id)
    ahead = max(1, min(weeks or found.stated.weeks_ahead, MOST_WEEKS))
    days = await queries.coming_days(found, ahead)
    return await page(
        "volunteers/assignments/patterns/show.html",
        pattern=found,
        weeks=ahead,
        days=days,
        missing=sum(not one.reference for one in days) if found.status is PatternStatus.ACTIVE else 0,
        tags=TAGS,
        events=[(event.value, EVENT_NAMES[event]) for event in events_from(TRANSITIONS, found.status)],
        weekdays=WEEKDAYS,
        holiday_names=HOLIDAY_NAMES,
        crumbs=[*CRUMBS, Crumb(localized(found.stated, "title"))],
        **WORDS,
    )


@post("/station/patterns/{public_id:uuid}/generate", guards=[DESK])
async def generate(public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Make the shifts that are not there yet."""
    form = await Form.read(request, GenerateForm)
    made = await service.generate(principal, public_id, form.value.weeks)
    said = N_("生成了 %(count)s 个班次。") if made else N_("没有新的班次要生成。")
    return see_other(f"/station/patterns/{public_id}?weeks={form.value.weeks}", said, count=len(made))


@get("/station/patterns/{public_id:uuid}/change", guards=[DESK])
async def change_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show a pattern to be changed."""
    found = await queries.pattern(principal, public_id)
    own_place = found.stated.place_id
    stations = await stations_of(principal)
    at_station = found.stated.station_id in stations and own_place == await place_of(
        found.stated.station_id, "", stations
    )
    place = "" if at_station else found.place_zh
    form = Form.of(PatternForm.of(found.stated, place, found.version))
    return await _edit(principal, form, PositionRows.of(found.stated.positions), found)


@post("/station/patterns/{public_id:uuid}/change", guards=[DESK])
async def change(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """State a pattern anew; its free shifts follow if the person says so."""
    found = await queries.pattern(principal, public_id)
    form, rows = await Form.read(request, PatternForm), await PositionRows.read(request)
    if rows.asked_for_more:
        return await _edit(principal, form, rows, found, status=200)
    try:
        form.errors |= rows.errors
        asked = form.value
        draft = await _stated(principal, asked, rows)
        done = await service.change_pattern(principal, public_id, draft, asked.version, follow=asked.follow)
    except DomainError as refusal:
        return await _edit(principal, form.refused(refusal), rows, found)
    if not asked.follow:
        return see_other(f"/station/patterns/{public_id}", N_("已保存。已有的班次没有变。"))
    said = N_("已保存：改了 %(updated)s 个班次，取消 %(off)s 个，新增 %(added)s 个，%(kept)s 个有人报名没有动。")
    counts = {"updated": done.updated, "off": done.called_off, "added": done.added, "kept": len(done.kept)}
    return see_other(f"/station/patterns/{public_id}", said, **counts)


@post("/station/patterns/{public_id:uuid}/skip/{day:str}", guards=[DESK])
async def skip(public_id: FromPath[UUID], day: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Leave one day out."""
    [chosen] = days_in(day) or [None]
    if chosen is None:
        raise NotFound
    await service.skip_day(principal, public_id, chosen)
    return see_other(f"/station/patterns/{public_id}", N_("这一天不再生成班次。"))


@post("/station/patterns/{public_id:uuid}/status/{event:str}", guards=[DESK])
async def move_on(public_id: FromPath[UUID], event: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Pause a pattern, take it up again, or end it."""
    if event not in list(PatternEvent):
        raise NotFound
    await service.move_on(principal, public_id, PatternEvent(event))
    return see_other(f"/station/patterns/{public_id}", N_("已保存。"))


async def _stated(principal: Principal, asked: PatternForm, rows: PositionRows) -> Any:
    return asked.draft(await place_of(asked.station, asked.place, await stations_of(principal)), rows.drafts)


async def _edit(
    principal: Principal,
    form: Form[PatternForm],
    rows: PositionRows,
    found: Pattern | None = None,
    status: int | None = None,
) -> Response[str]:
    title = N_("更改排班规律") if found else N_("新的排班规律")
    return await page(
        "volunteers/assignments/patterns/edit.html",
        form=form,
        status=status,
        rows=rows,
        found=found,
        title=title,
        days=DAYS,
        holiday_names=HOLIDAY_NAMES,
        genders=GENDERS,
        training_names=await training_options(),
        station_options=[(s.id, localized(s, "name")) for s in (await stations_of(principal)).values()],
        crumbs=[*CRUMBS, Crumb(title)],
        **WORDS,
    )
