"""The audit view's entry, one budget line, one purchase."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission
from app.core.text import N_
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
from procurement.deliveries.tags import STATUS_TAGS as UNIT_TAGS
from procurement.oversight.flags.controllers import WORDS
from procurement.oversight.flags.queries import flags_of
from procurement.oversight.trace import ways
from procurement.oversight.trace.lines import queries
from procurement.payments.trace import ITEM_NAMES
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
) -> Response[str]:
    """Show what stands below a line; the sums meet its own."""
    found = await queries.line(principal, year, place_code, programme)
    claims = await queries.claims(found.line.id, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "procurement/oversight/trace/line.html",
        found=found,
        line=found.line,
        part=sliced(claims, key=lambda row: row.id),
        status_tags=STATUS_TAGS,
        claim_tags=CLAIM_TAGS,
        crumbs=[ways.entry(year), Crumb(f"{localized(found.line, 'place')} · {localized(found.line, 'programme')}")],
    )


@get("/oversight/purchases/{reference:str}", guards=[READER])
async def purchase(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a purchase with its contract and every unit of it."""
    found = await queries.purchase(principal, reference)
    return await page(
        "procurement/oversight/trace/purchase.html",
        found=found,
        flags=await flags_of(principal, purchase=reference),
        tag_of=STATUS_TAGS,
        unit_tags=UNIT_TAGS,
        claim_tags=CLAIM_TAGS,
        payment_names=ITEM_NAMES,
        crumbs=[
            ways.entry(found.year),
            ways.line(found.year, found.line_place, found.programme, localized(found, "programme")),
            Crumb(N_("采购")),
        ],
        **WORDS,
    )
