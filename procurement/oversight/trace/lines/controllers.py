"""The audit view's entry and one budget line."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.budgets import queries as budgets
from procurement.budgets.forms import YearForm
from procurement.budgets.rules import Amounts, Fund
from procurement.claims.wording import TAGS as CLAIM_TAGS
from procurement.oversight.trace import ways
from procurement.oversight.trace.lines import queries
from procurement.purchases.tags import STATUS_TAGS
from procurement.reading import reading_scope

READER = requires(Permission.LEDGER_READ)


@get("/oversight", guards=[READER])
async def entry(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show a year's budget lines, each the beginning of a way."""
    shown = Form.from_query(request, YearForm).value.year or clock.today().year
    lines = await queries.year(principal, shown)
    years = await budgets.years(reading_scope(principal, Permission.LEDGER_READ))
    return await page(
        "procurement/oversight/trace/entry.html",
        lines=lines,
        total=sum((one.line.amounts for one in lines if one.line.fund is Fund.FISCAL), Amounts()),
        donated=any(one.line.fund is Fund.DONATED for one in lines),
        flags=sum(one.flags for one in lines),
        purchases=sum(one.purchases for one in lines),
        year=shown,
        years=sorted({shown, *years}, reverse=True),
    )


@get("/oversight/lines/{year:int}/{place_code:str}/{programme:str}", guards=[READER])
async def line(
    year: FromPath[int],
    place_code: FromPath[str],
    programme: FromPath[str],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    bought: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what stands below a line, purchases and claims each a page at a time; the sums meet its own."""
    found = await queries.line(principal, year, place_code, programme)
    purchases = await queries.purchases(found.line.id, decode_cursor(bought, int), PAGE + 1)
    claims = await queries.claims(found.line.id, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "procurement/oversight/trace/line.html",
        found=found,
        line=found.line,
        purchases=sliced(purchases, key=lambda row: row.id),
        part=sliced(claims, key=lambda row: row.id),
        status_tags=STATUS_TAGS,
        claim_tags=CLAIM_TAGS,
        crumbs=[ways.entry(year), Crumb(f"{localized(found.line, 'place')} · {localized(found.line, 'programme')}")],
    )
