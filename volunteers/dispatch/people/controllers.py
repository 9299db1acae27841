"""Who a plan sends where, for the coordinator who is about to publish it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import day, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.assignments.tags import GREEN_TAG, KIND_TAGS
from volunteers.dispatch import queries as plans
from volunteers.dispatch.forms import PeopleForm
from volunteers.dispatch.input.people import DAYS
from volunteers.dispatch.pages import crumbs, plan_text
from volunteers.dispatch.people import queries
from volunteers.dispatch.people.queries import SeatKey, SeatView
from volunteers.dispatch.people.tags import standing
from volunteers.dispatch.tags import OUTCOME_NAMES

FORMATS = (("xlsx", N_("导出 Excel")), ("csv", N_("导出 CSV")), ("ics", N_("导出日历")))


@get("/dispatch/{run:uuid}/people", guards=[requires(Permission.DISPATCH_PLAN)])
async def people(
    request: Request[Any, Any, Any],
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show who goes where, by place, day and name."""
    view = await plans.run_view(principal, run)
    asked = Form.from_query(request, PeopleForm).value
    rows = await queries.seats_of(run, asked.asked(), decode_cursor(cursor, tuple[datetime, str, int, UUID]))
    below = min((length for length in LEVEL_BY_LENGTH if length > len(view.place_code)), default=12)
    places = await queries.places_of(run, below)
    days = [view.week_start + timedelta(days=number) for number in range(DAYS)]
    plan = plan_text(view)
    return await page(
        "volunteers/dispatch/people.html",
        run=view,
        plan=plan,
        asked=asked,
        part=sliced(rows, seat_key),
        place_options=[(place.code, localized(place, "name")) for place in places],
        day_options=[(one.isoformat(), day(one, weekday=True)) for one in days],
        outcome_options=OUTCOME_NAMES,
        formats=FORMATS,
        crumbs=crumbs(view, Crumb(N_("谁去哪里"))),
        kind_tags=KIND_TAGS,
        green_tag=GREEN_TAG,
        standing=standing,
    )


def seat_key(seat: SeatView) -> SeatKey:
    """Return where a row stands in the list."""
    return seat.starts, seat.reference, seat.number, seat.person
