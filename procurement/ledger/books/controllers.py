"""The books for those who supervise: trial balance, one account, the journal as a file."""

from itertools import groupby
from typing import Any, Literal

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_
from app.rulebook.rules import CITY
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import PAGE, Slice, decode_cursor, encode_cursor
from procurement.ledger.books import queries
from procurement.ledger.books.forms import MonthForm
from procurement.ledger.books.wording import ENTRY_NAMES, GROUPS, group_of
from procurement.ledger.export import pieces
from procurement.ledger.periods.queries import month_to_close, months
from procurement.tariffs.queries import label_in_use

READERS = requires(Permission.LEDGER_READ)
Format = Literal["beancount", "hledger"]


@get("/ledger", guards=[READERS])
async def trial_balance(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show every account with its balance, of all time or of a month; the last line must be zero."""
    month = Form.from_query(request, MonthForm).value.month
    balances = await queries.trial_balance(principal, month)
    order = {group: place for place, group in enumerate(GROUPS)}
    ordered = sorted(balances, key=lambda row: (order.get(group_of(row.handle), len(order)), row.currency))
    # One table for each group and currency: amounts of two currencies are never added up.
    groups = [
        (group, GROUPS.get(group, group), list(rows))
        for (group, _), rows in groupby(ordered, key=lambda row: (group_of(row.handle), row.currency))
    ]
    kept = await months()
    closes = principal.can(Permission.LEDGER_CLOSE) and principal.scope(Permission.LEDGER_CLOSE).covers_place(CITY)
    return await page(
        "procurement/ledger/trial_balance.html",
        groups=groups,
        balances=balances,
        months=kept,
        month=next((one for one in kept if one.starts_on == month), None),
        to_close=month_to_close(kept) if closes else None,
        unofficial=await label_in_use(),
    )


@get("/ledger/accounts/{handle:str}", guards=[READERS])
async def account(
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
    handle: FromPath[str],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show one account's postings of a month with the running balance."""
    offset = max(0, decode_cursor(cursor, int) or 0)
    month = Form.from_query(request, MonthForm).value.month
    found = await queries.statement(principal, handle, offset, PAGE + 1, month)
    group = GROUPS.get(group_of(handle), group_of(handle))
    following = encode_cursor(offset + PAGE) if len(found.rows) > PAGE else None
    return await page(
        "procurement/ledger/account.html",
        account=found.account,
        found=found,
        of_month=month is not None,
        unofficial=await label_in_use(),
        part=Slice(found.rows[:PAGE], following),
        group=group,
        entry_names=ENTRY_NAMES,
        crumbs=[Crumb(N_("账簿"), "/ledger"), Crumb(group)],
    )


@get("/ledger/export", guards=[READERS])
async def export(principal: CurrentPrincipal, format: FromQuery[Format] = "beancount") -> Stream:
    """Hand out the journal as text that Beancount or hledger checks from outside, as it is read."""
    return journal_of(principal, format)


def journal_of(principal: Principal, format: Format) -> Stream:
    """Return the journal of the reader's places as a download in pieces, for the page and for programs."""
    name = f"fahui-{clock.today()}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    text = pieces(format, queries.place_patterns(principal))
    return Stream(text, media_type="text/plain; charset=utf-8", headers=headers)
