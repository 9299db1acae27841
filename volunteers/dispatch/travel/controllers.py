"""The list of known ways."""

from litestar import Response, get
from litestar.params import FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from volunteers.dispatch.travel import queries
from volunteers.dispatch.travel.queries import WayKey, WayView


@get("/dispatch/travel", guards=[requires(Permission.DISPATCH_PLAN)])
async def ways(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show how long it takes from place to place, beside what the estimate would say."""
    rows = await queries.ways(principal, decode_cursor(cursor, tuple[str, str]))
    crumbs = [Crumb(N_("排班"), "/dispatch"), Crumb(N_("设置"), "/dispatch/settings"), Crumb(N_("路上时间"))]
    return await page("volunteers/dispatch/travel.html", part=sliced(rows, way_key), crumbs=crumbs)


def way_key(way: WayView) -> WayKey:
    """Return where a way stands in the list."""
    return way.from_code, way.to_code
