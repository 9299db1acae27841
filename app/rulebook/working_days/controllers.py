"""The pages of the working-day calendar."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission
from app.core.calendar import load_calendar
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.rulebook.working_days import queries, rules, service
from app.rulebook.working_days.forms import DayForm, PeriodForm
from app.web.components import Crumb
from app.web.filters import WEEKDAYS
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other

CALENDAR = "/rulebook/working-days"
READERS = requires(Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ)
OFFICERS = requires(Permission.RULEBOOK_CONFIRM)
YEARS = range(2000, 2101)


@get(CALENDAR, guards=[READERS])
async def this_year() -> Response[Any]:
    """Lead to the current year."""
    return see_other(f"{CALENDAR}/{clock.today().year}")


@get(CALENDAR + "/{year:int}", guards=[READERS])
async def year_page(request: Request[Any, Any, Any], year: FromPath[int]) -> Response[str]:
    """Show a year, its exceptions, and a period worked out."""
    return await _year(year, Form.from_query(request, PeriodForm))


@post(CALENDAR + "/{year:int}", guards=[OFFICERS])
async def enter(request: Request[Any, Any, Any], year: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Enter a day."""
    form = await Form.read(request, DayForm)
    try:
        said = form.value
        await service.enter_day(principal, said.day, working=said.working, name_zh=said.name_zh, source=said.source)
    except DomainError as refusal:
        return await _year(year, entering=form.refused(refusal))
    return see_other(f"{CALENDAR}/{said.day.year}", N_("%(day)s 已登记。"), day=said.day.isoformat())


async def _year(
    year: int, asked: Form[PeriodForm] | None = None, entering: Form[DayForm] | None = None
) -> Response[str]:
    if year not in YEARS:
        raise NotFound
    calendar = await load_calendar()
    given = asked if asked and asked.text("start") else None
    wanted = given.value if given and not given.errors else None
    return await page(
        "app/rulebook/working_days.html",
        status=entering.status if entering else None,
        year=year,
        months=rules.year_of(calendar, year),
        known=calendar.covers(year),
        rows=await queries.exceptions(year),
        asked=given or Form.empty(PeriodForm, start=clock.today()),
        period=rules.period(calendar, wanted.start, wanted.days, wanted.unit) if wanted else None,
        entering=entering or Form.empty(DayForm, working="on"),
        unit_names=rules.UNIT_NAMES,
        weekdays=WEEKDAYS,
        month_names=rules.MONTH_NAMES,
        crumbs=[Crumb(N_("规则库"), "/rulebook"), Crumb(N_("工作日历"))],
    )
