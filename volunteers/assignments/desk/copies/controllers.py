"""Copying a day, a week or one assignment: the preview and the button below it."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.desk.copies import service
from volunteers.assignments.desk.copies.service import Span
from volunteers.assignments.desk.grounds import stations_of
from volunteers.assignments.tags import WORDS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
WHAT = {"week": N_("一周"), "day": N_("一天")}
STATES = {
    "new": Tag("wait", N_("将新增"), "plus-lg"),
    "there": Tag("off", N_("已经有了")),
    "past": Tag("off", N_("时间已过")),
}


class CopyForm(msgspec.Struct):
    """Which days at which station come again from which day on."""

    station: int | None = None
    what: Literal["week", "day"] = "week"
    first: Annotated[date | None, msgspec.Meta(description="The first day, or any day of the week.")] = None
    to: date | None = None
    shifts: list[str] = []

    def span(self, station_id: int) -> Span:
        """Return the same as the service takes it; by default this week is copied to the next."""
        first, days = self.first or clock.today(), 1
        to = self.to or first + timedelta(days=7)
        if self.what == "week":
            first, to, days = clock.week_start(first), clock.week_start(to), 7
        return Span(self.station or station_id, first, days, to)


class CopyOneForm(msgspec.Struct):
    """The other day."""

    to: date


@get("/station/copy", guards=[DESK])
async def copy_form(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show what copying would make."""
    pairs = [("first" if key == "from" else key, value) for key, value in request.query_params.multi_items()]
    return await _page(principal, Form.from_pairs(CopyForm, pairs))


@post("/station/copy", guards=[DESK])
async def copy(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Make what was ticked."""
    form = await Form.read(request, CopyForm)
    try:
        asked = form.value
        span = asked.span(0)
        made = await service.copy_days(principal, span, asked.shifts)
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    week = clock.week_start(span.to)
    path = f"/station/week?station={span.station_id}&week={week}"
    return see_other(path, N_("照搬了 %(count)s 个班次。"), count=len(made))


@post("/station/shifts/{reference:str}/copy", guards=[DESK])
async def copy_one(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Make one assignment again on another day."""
    form = await Form.read(request, CopyOneForm)
    made = await service.copy_one(principal, reference, form.value.to)
    return see_other(f"/station/shifts/{made.reference}", N_("已照搬到这一天。"))


async def _page(principal: CurrentPrincipal, form: Form[CopyForm]) -> Response[str]:
    stations = await stations_of(principal)
    asked = form.value if not form.errors else CopyForm()
    span = asked.span(next(iter(stations), 0))
    copies = await service.preview(principal, span) if stations else []
    return await page(
        "volunteers/assignments/desk/copy.html",
        form=form,
        span=span,
        what=asked.what,
        what_names=WHAT,
        copies=copies,
        new=sum(one.state == "new" for one in copies),
        states=STATES,
        station_options=[(one.id, localized(one, "name")) for one in stations.values()],
        crumbs=[Crumb(N_("一周"), f"/station/week?station={span.station_id}&week={span.first}"), Crumb(N_("照搬"))],
        **WORDS,
    )
