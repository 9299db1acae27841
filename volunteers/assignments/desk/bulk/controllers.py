"""Many assignments on one page, ticked and changed together."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post

from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.desk.bulk import service
from volunteers.assignments.desk.bulk.service import ACTION_NAMES, BulkAction, Change
from volunteers.assignments.rosters import queries
from volunteers.assignments.tags import WORDS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
DAYS = 28
PARTLY = {"good": N_("能改的都改"), "all": N_("有一个改不了就都不改")}


class BulkForm(msgspec.Struct):
    """The ticked assignments and what becomes of them."""

    action: BulkAction
    shifts: list[str] = []
    minutes: Annotated[int, msgspec.Meta(ge=-40_320, le=40_320)] = 0
    number: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    capacity: Annotated[int, msgspec.Meta(ge=1, le=200)] = 1
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    rows: Literal["good", "all"] = "good"
    station: int | None = None
    since: date | None = None


@get("/station/bulk", guards=[DESK])
async def bulk_form(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """List what lies ahead, to be ticked."""
    pairs = [*request.query_params.multi_items(), ("action", BulkAction.SHIFT.value)]
    return await _page(principal, Form.from_pairs(BulkForm, pairs))


@post("/station/bulk", guards=[DESK])
async def bulk(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Change what was ticked; what is refused is named."""
    form = await Form.read(request, BulkForm)
    try:
        asked = form.value
        change = Change(asked.action, asked.minutes, asked.number, asked.capacity, asked.reason)
        result = await service.change_many(principal, asked.shifts, change, all_or_none=asked.rows == "all")
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    if result.refused:
        form.refusal = Message(
            N_("改了 %(done)s 个，%(refused)s 个没有改，原因写在各行。"),
            {"done": len(result.done), "refused": len(result.refused)},
        )
        return await _page(principal, form, dict(result.refused))
    back = f"/station/bulk?since={asked.since or clock.today()}" + (
        f"&station={asked.station}" if asked.station else ""
    )
    return see_other(back, N_("改了 %(count)s 个任务。"), count=len(result.done))


async def _page(
    principal: CurrentPrincipal, form: Form[BulkForm], refused: dict[str, Message] | None = None
) -> Response[str]:
    stations = await queries.my_stations(principal)
    wanted = str(form.text("station"))
    station = queries.chosen(stations, int(wanted) if wanted.isdigit() else None)
    since = _day(str(form.text("since"))) or clock.today()
    shifts = await queries.shifts_of(station, since, DAYS) if station else []
    return await page(
        "volunteers/assignments/desk/bulk.html",
        form=form,
        station=station,
        since=since,
        before=since - timedelta(days=7),
        after=since + timedelta(days=7),
        shifts=[shift for shift in shifts if shift.status != "cancelled" and shift.starts > clock.now()],
        refused=refused or {},
        actions=ACTION_NAMES,
        partly=PARTLY,
        station_options=[(one.id, localized(one, "name")) for one in stations],
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("批量改"))],
        **WORDS,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
