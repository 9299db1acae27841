"""Funds for everybody: what was given, what it was spent on, what is left."""

from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromPath

from app.core.text import N_, Message
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import public
from app.web.pages import page
from procurement.donations import choosing
from procurement.donations.funds import queries
from procurement.donations.funds.rules import CAUSE_NAMES, Month
from procurement.ledger.disclosure.queries import smallest_count


@get("/funds", guards=[public])
async def listed() -> Response[str]:
    """Show all funds."""
    return await page(
        "procurement/donations/funds.html",
        funds=await queries.funds(),
        causes=CAUSE_NAMES,
        closed=choosing.closed(),
        demo=is_demo(),
    )


@get("/funds/{code:str}", guards=[public])
async def show(code: FromPath[str]) -> Response[str]:
    """Show one fund; its figures are the ledger's."""
    found = await queries.fund(code)
    months = await queries.months(found)
    return await page(
        "procurement/donations/fund.html",
        fund=found,
        causes=CAUSE_NAMES,
        charts=[_chart(currency, of) for currency, of in months.items()],
        uses=await queries.uses(found),
        gifts=await queries.gift_count(found),
        counted_from=await smallest_count(),
        closed=choosing.closed(),
        demo=is_demo(),
        crumbs=[Crumb(N_("捐赠"), "/funds"), Crumb(localized(found, "name"))],
    )


def is_demo() -> bool:
    """Tell whether no money moves: pages say so."""
    return choosing.closed() is None and choosing.gateway().demo


def _chart(currency: str, months: Sequence[Month]) -> Chart:
    """Draw what was given and spent, month by month."""
    series = [Series(N_("捐赠"), [one.given for one in months]), Series(N_("支出"), [one.used for one in months])]
    return by_month(currency, Message(N_("每月捐赠和支出")), months, series)


def by_month(currency: str, title: Message, months: Sequence[Month], series: Sequence[Series]) -> Chart:
    """Draw bars by month; yuan where that is the currency, else its minor units."""
    unit = "fen" if currency == "CNY" else Message(N_("%(currency)s 最小单位"), {"currency": currency})
    return Chart("bar", title, [f"{one.first_day:%Y-%m}" for one in months], series, unit=unit)
