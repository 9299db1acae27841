"""Why is this seat empty, and what would fill it: for the station in the plan in force, for planners in any plan."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.slots import Fill
from volunteers.assignments.tags import WORDS
from volunteers.dispatch.engine.funnel import Funnel
from volunteers.dispatch.explanations.own.queries import shift_by_id
from volunteers.dispatch.explanations.seats import queries
from volunteers.dispatch.explanations.seats.queries import EmptySeats
from volunteers.dispatch.explanations.seats.words import said

STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
SIEVES = (
    ("everybody", N_("登记的人")),
    ("qualified", N_("够资格")),
    ("in_reach", N_("路够得着")),
    ("free", N_("那时有空")),
    ("within_limits", N_("没到上限")),
    ("to_spare", N_("别处不急着要")),
)


@get("/station/shifts/{reference:str}/empty-seats", guards=[STAFF])
async def on_station(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a station why the plan in force left seats of a shift empty."""
    found = await queries.on_station_shift(principal, reference)
    crumbs = [Crumb(N_("站点"), "/station"), Crumb(reference, f"/station/shifts/{reference}"), Crumb(N_("为什么空着"))]
    return await _page(found, crumbs, f"/station/shifts/{reference}")


@get("/dispatch/{run:uuid}/empty-seats/{reference:str}", guards=[requires(Permission.DISPATCH_PLAN)])
async def in_run(run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a planner why a plan leaves seats of a shift empty."""
    found = await queries.in_run(principal, run, reference)
    crumbs = [
        Crumb(N_("排班"), "/dispatch"),
        Crumb(N_("排班计划"), f"/dispatch/{run}"),
        Crumb(localized(found.shift, "title")),
    ]
    return await _page(found, crumbs, f"/assignments/{reference}")


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.aside``: the way to ask, where a plan in force left a seat empty."""
    del principal
    if not await queries.has_gap(assignment_id):
        return None
    shift = await shift_by_id(assignment_id)
    return Fill("volunteers/dispatch/explanations/seats/ask.html", {"reference": shift.reference})


async def _page(found: EmptySeats, crumbs: list[Crumb], back: str) -> Response[str]:
    return await page(
        "volunteers/dispatch/explanations/seats/empty.html",
        found=found,
        shift=found.shift,
        charts=[_chart(seat.funnel) for seat in found.seats],
        said=said,
        back=back,
        crumbs=crumbs,
        **WORDS,
    )


def _chart(counted: Funnel) -> Chart:
    values = [getattr(counted, name) for name, _ in SIEVES]
    return Chart(
        "row", N_("一关一关，还剩几个人"), [label for _, label in SIEVES], [Series(N_("人数"), values)], N_("人")
    )
