"""The ends of budget years: which are open, what would become of each line, closing one by a second person."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.budgets.year_ends import queries, service
from procurement.budgets.year_ends.figures import year_end
from procurement.budgets.year_ends.forms import CloseForm
from procurement.budgets.year_ends.queries import Closing, YearOfPlace
from procurement.budgets.year_ends.rules import ClosingStatus
from procurement.budgets.year_ends.wording import STILL_RUNS, TAGS, Row, closed_row, row_of
from procurement.reading import MONEY, reading_scope

PAGE = "/buying/budgets/year-ends"
ONE = PAGE + "/{year:int}/{place_code:str}"
READER = requires(*MONEY)


@get(PAGE, guards=[READER])
async def year_ends(principal: CurrentPrincipal) -> Response[str]:
    """Show the years of one's places, and which of them are closed."""
    rows = await queries.years(reading_scope(principal, *MONEY))
    return await page(
        "procurement/budgets/year_ends/list.html",
        rows=rows,
        tag_of=_tag,
        crumbs=[Crumb(N_("预算"), "/buying/budgets"), Crumb(N_("年终结转"))],
    )


@get(ONE, guards=[READER])
async def show(year: FromPath[int], place_code: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what would become of a year's lines, or what became of them."""
    return await _show(principal, year, place_code, Form.empty(CloseForm))


@post(ONE, guards=[requires(Permission.BUDGET_MANAGE)])
async def prepare(
    year: FromPath[int], place_code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Propose to close a year."""
    form = await Form.read(request, CloseForm)
    try:
        await service.prepare_year(principal, year, place_code)
    except DomainError as refusal:
        return await _show(principal, year, place_code, form.refused(refusal))
    return see_other(f"{PAGE}/{year}/{place_code}", N_("已提出，等另一人核对后办理。"))


@post(ONE + "/closing", guards=[requires(Permission.BUDGET_APPROVE)])
async def close(
    year: FromPath[int], place_code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Close a year that another person prepared."""
    form = await Form.read(request, CloseForm)
    try:
        await service.close_year(principal, year, place_code)
    except DomainError as refusal:
        return await _show(principal, year, place_code, form.refused(refusal))
    return see_other(f"{PAGE}/{year}/{place_code}", N_("%(year)s 年已经结转。"), year=str(year))


def _tag(row: YearOfPlace) -> Any:
    return STILL_RUNS if row.status is None and clock.today().year <= row.year else TAGS[row.status]


async def _show(principal: Principal, year: int, place_code: str, form: Form[CloseForm]) -> Response[str]:
    place = await queries.require_year(reading_scope(principal, *MONEY), year, place_code)
    closing = await queries.closing(place_code, year)
    crumbs = [Crumb(N_("预算"), f"/buying/budgets?year={year}"), Crumb(N_("年终结转"), PAGE), Crumb(str(year))]
    context: dict[str, Any] = {
        "year": year,
        "place_zh": place[0],
        "place_en": place[1],
        "path": f"{PAGE}/{year}/{place_code}",
    }
    if closing and closing.status is ClosingStatus.CLOSED:
        rows = [closed_row(line) for line in await queries.closed_lines(place_code, year)]
        return await page(
            "procurement/budgets/year_ends/closed.html",
            form=form, closing=closing, crumbs=crumbs, **context, **_sums(rows),
        )  # fmt: skip
    found = await year_end(place_code, year)
    rows = [row_of(end) for end in found.lines]
    return await page(
        "procurement/budgets/year_ends/preview.html",
        form=form,
        closing=closing,
        crumbs=crumbs,
        end=found,
        undecided=[held for end in found.lines for held in end.undecided],
        moved=closing is not None and closing.fingerprint != found.fingerprint,
        unapproved=await queries.unapproved(place_code, year),
        prepares=_may(principal, Permission.BUDGET_MANAGE, place_code),
        closes=_may(principal, Permission.BUDGET_APPROVE, place_code) and not _own(principal, closing),
        own=_own(principal, closing),
        **context,
        **_sums(rows),
    )


def _may(principal: Principal, permission: Permission, place_code: str) -> bool:
    return principal.can(permission) and principal.scope(permission).covers_place(place_code)


def _own(principal: Principal, closing: Closing | None) -> bool:
    return closing is not None and closing.prepared_by == principal.account_id


def _sums(rows: list[Row]) -> dict[str, Any]:
    lapsed, carried = queries.total([row.judged for row in rows])
    return {
        "rows": rows,
        "approved": sum(row.approved_fen for row in rows),
        "spent": sum(row.spent_fen for row in rows),
        "lapsed": lapsed,
        "carried": carried,
        "chart": _chart(rows) if lapsed or carried else None,
    }


def _chart(rows: list[Row]) -> Chart:
    """Return what lapses and what goes over by programme; programmes with neither are left out."""
    shown = [row for row in rows if row.judged.lapsed or row.judged.carried]
    series = [
        Series(N_("结转到下年"), [row.judged.carried for row in shown]),
        Series(N_("结余收回"), [row.judged.lapsed for row in shown]),
    ]
    names = [localized(row, "programme") for row in shown]
    return Chart("stacked", N_("各项目的结转和结余"), names, series, unit="fen")
