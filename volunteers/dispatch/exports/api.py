"""The same files for programs."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.dispatch.exports.controllers import PlanFormat, exported
from volunteers.dispatch.people.queries import SeatFilter
from volunteers.dispatch.results import Outcome


@get(
    "/dispatch/runs/{run:uuid}/export",
    guards=[requires(Permission.DISPATCH_PLAN)],
    summary="Export a plan as CSV, XLSX or iCalendar",
    media_type="text/csv",
)
async def export_plan(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    day: FromQuery[date | None] = None,
    outcome: FromQuery[Outcome | None] = None,
    format: FromQuery[PlanFormat] = "csv",
) -> Response[bytes]:
    """Hand out a row for each seat with somebody on it; as a calendar, an event for each shift with its people."""
    return await exported(principal, run, SeatFilter(place, day, outcome=outcome), format)
