"""How the year goes: by place and by line, month by month, with what is slow and what is still reserved."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.text import N_, Message
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page
from procurement.budgets import queries as budgets
from procurement.budgets.execution import queries, rules
from procurement.budgets.execution.rules import Month
from procurement.budgets.execution.warnings import PAGE
from procurement.budgets.forms import PlaceYearForm
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts, Fund
from procurement.budgets.tags import FUND_NAMES, SOURCE_NAMES
from procurement.reading import MONEY, reading_scope

READER = requires(*MONEY)


@get(PAGE, guards=[READER])
async def execution(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show a year's execution of the places in scope, or of one of them."""
    asked, today = Form.from_query(request, PlaceYearForm).value, clock.today()
    year, scope = asked.year or today.year, reading_scope(principal, *MONEY)
    every = await budgets.lines(scope, year)
    shown = [line for line in every if not asked.place or line.place_code == asked.place]
    moved = await queries.months_of([line.id for line in shown])
    slow = await queries.slow_rule(today)
    parts = [_part(fund, shown, moved, year) for fund in Fund if any(line.fund is fund for line in shown)]
    return await page(
        "procurement/budgets/execution/year.html",
        parts=parts,
        slow=[line for line in shown if line.fund is Fund.FISCAL and slow.tells(line.amounts, year, today)],
        slow_rule=slow,
        reserved=await queries.reserved([line.id for line in shown]),
        expected=rules.time_share(year, today),
        rate=rules.rate,
        asked=asked,
        year=year,
        years=sorted({year, *await budgets.years(scope)}, reverse=True),
        places=list({line.place_code: localized(line, "place") for line in every}.items()),
        source_names=SOURCE_NAMES,
        crumbs=[Crumb(N_("预算"), f"/buying/budgets?year={year}"), Crumb(N_("执行进度"))],
    )


@get("/buying/budgets/{year:int}/{place_code:str}/{programme:str}/execution", guards=[READER])
async def of_line(
    year: FromPath[int], place_code: FromPath[str], programme: FromPath[str], principal: CurrentPrincipal
) -> Response[str]:
    """Show one line's execution month by month."""
    found = await budgets.line(reading_scope(principal, *MONEY), year, place_code, programme)
    today = clock.today()
    moved = (await queries.months_of([found.id]))[found.id]
    slow = await queries.slow_rule(today)
    return await page(
        "procurement/budgets/execution/line.html",
        line=found,
        months=rules.months(moved, year, today),
        chart_value=chart_of(rules.months(moved, year, today)),
        slow=found.fund is Fund.FISCAL and slow.tells(found.amounts, year, today),
        slow_rule=slow,
        reserved=await queries.reserved([found.id]),
        expected=rules.time_share(year, today),
        rate=rules.rate(found.amounts),
        source_names=SOURCE_NAMES,
        fund_names=FUND_NAMES,
        crumbs=[
            Crumb(N_("预算"), f"/buying/budgets?year={year}"),
            Crumb(f"{localized(found, 'place')} · {localized(found, 'programme')}", found.path),
            Crumb(N_("执行进度")),
        ],
    )


@get("/disclosure/budgets", guards=[public])
async def disclosed(year: FromQuery[int | None] = None) -> Response[str]:
    """Show everybody the budget and how much of it is spent, by place; donated money by itself."""
    chosen, years, lines = await queries.public_lines(year)
    today = clock.today()
    moved = await queries.public_months(chosen) if chosen else {}
    return await page(
        "procurement/budgets/execution/disclosed.html",
        year=chosen,
        years=years,
        parts=[(fund, [line for line in lines if line.fund is fund]) for fund in Fund],
        expected=rules.time_share(chosen, today) if chosen else 0,
        chart_value=chart_of(rules.months(moved, chosen, today)) if chosen else None,
        fund_names=FUND_NAMES,
    )


def chart_of(months: Sequence[Month]) -> Chart:
    """Return the share spent by the end of each month beside the share of the year that has passed."""
    spent = [None if month.rate is None else round(month.rate * 100, 1) for month in months]
    return Chart(
        "line",
        N_("支出进度和序时进度"),
        [str(month.month) for month in months],
        [Series(N_("支出进度"), spent), Series(N_("序时进度"), [round(one.expected * 100, 1) for one in months])],
        unit=N_("%，按月"),
    )


def _part(fund: Fund, lines: Sequence[LineView], moved: dict[int, dict[int, Amounts]], year: int) -> dict[str, Any]:
    """Return one kind of money: its lines, their sum and their months; never both kinds in one."""
    own = [line for line in lines if line.fund is fund]
    months = rules.months(rules.added(moved[line.id] for line in own), year, clock.today())
    return {
        "name": Message(FUND_NAMES[fund]),
        "fund": fund,
        "lines": own,
        "total": rules.total_of([line.amounts for line in own]),
        "months": months,
        "chart": chart_of(months),
    }
