"""One's own hours: what they add up to, and what each entry rests on."""

from litestar import Response, get
from litestar.params import FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import PAGE, decode_cursor, sliced
from volunteers.assignments.rules import KIND_NAMES, Kind
from volunteers.assignments.tags import WORDS
from volunteers.hours import queries
from volunteers.hours.queries import MyHours

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)


@get("/my/hours", guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the person's hours: in all, by year and kind, and each entry with its proof."""
    found = await queries.my_hours(principal, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "volunteers/hours/mine.html",
        hours=found,
        part=sliced(found.entries, key=lambda entry: entry.number),
        chart=_chart(found) if len(found.years) > 1 else None,
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("我的时长"))],
        **WORDS,
    )


def _chart(found: MyHours) -> Chart:
    """Return the hours of each year, stacked by kind of work."""
    years = sorted(found.years)
    by = {(total.year, total.work): total.minutes for total in found.totals}
    kinds = [kind for kind in Kind if any((year, kind) in by for year in years)]
    series = [Series(KIND_NAMES[kind], [round(by.get((year, kind), 0) / 60, 1) for year in years]) for kind in kinds]
    return Chart("stacked", N_("每年的时长"), [str(year) for year in years], series, N_("小时"))
