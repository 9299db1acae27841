"""A line's book as a page and as a file."""

import asyncio

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.money import plain_yuan
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import translate
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from procurement.budgets import queries as budgets
from procurement.budgets.book import queries
from procurement.budgets.book.queries import Posting
from procurement.budgets.tags import SOURCE_NAMES, posting_name
from procurement.reading import MONEY, reading_scope

READER = requires(*MONEY)
COLUMNS = (
    N_("时间"), N_("事项"), N_("来源"), N_("编号"), N_("经办"),
    N_("批准变动"), N_("预留变动"), N_("签约变动"), N_("支付变动"), N_("结转或收回变动"),
    N_("批准余额"), N_("预留余额"), N_("签约余额"), N_("支付余额"), N_("结转或收回余额"), N_("可用余额"),
)  # fmt: skip


@get("/buying/budgets/{year:int}/{place_code:str}/{programme:str}/book", guards=[READER])
async def book(
    year: FromPath[int],
    place_code: FromPath[str],
    programme: FromPath[str],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a line's postings with the balances after each."""
    line = await budgets.line(reading_scope(principal, *MONEY), year, place_code, programme)
    rows = await queries.postings(line.id, decode_cursor(cursor, int))
    return await page(
        "procurement/budgets/book.html",
        line=line,
        part=sliced(rows, key=lambda row: row.id),
        name_of=posting_name,
        crumbs=[
            Crumb(N_("预算"), f"/buying/budgets?year={year}"),
            Crumb(f"{localized(line, 'place')} · {localized(line, 'programme')}", line.path),
            Crumb(N_("明细账")),
        ],
    )


@get("/buying/budgets/{year:int}/{place_code:str}/{programme:str}/book.csv", guards=[READER])
async def book_file(
    year: FromPath[int], place_code: FromPath[str], programme: FromPath[str], principal: CurrentPrincipal
) -> Response[bytes]:
    """Hand out a line's book for a spreadsheet program, oldest posting first."""
    line = await budgets.line(reading_scope(principal, *MONEY), year, place_code, programme)
    rows = [_cells(row) for row in await queries.whole_book(line.id)]
    content = await asyncio.to_thread(written, "csv", [translate(name) for name in COLUMNS], rows)
    return as_file(content, f"budget-{year}-{place_code}-{programme}.csv", "csv")


def _cells(row: Posting) -> list[str]:
    change, after = row.change, row.after
    moved = (change.approved, change.reserved, change.committed, change.spent, change.closed)
    standing = (after.approved, after.reserved, after.committed, after.spent, after.closed, after.left)
    return [
        clock.local(row.moved_at).strftime("%Y-%m-%d %H:%M"),
        translate(posting_name(row)),
        translate(SOURCE_NAMES.get(row.source_type, row.source_type)),
        row.reference,
        row.actor,
        *(plain_yuan(fen) for fen in (*moved, *standing)),
    ]
