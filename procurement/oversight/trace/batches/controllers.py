"""One batch: where the ways of its claims come together."""

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.oversight.trace import ways
from procurement.oversight.trace.batches import queries
from procurement.settlement.wording import TAGS as BATCH_TAGS

READER = requires(Permission.LEDGER_READ)


@get("/oversight/batches/{reference:str}", guards=[READER])
async def batch(
    reference: FromPath[str], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show one batch: each line of the bank's file with its claims and their budget lines, a page at a time."""
    found = await queries.batch(principal, reference)
    lines = await queries.lines(found.id, decode_cursor(cursor, tuple[int, int]), PAGE + 1)
    return await page(
        "procurement/oversight/trace/batch.html",
        found=found,
        part=sliced(lines, key=lambda row: (row.payment_id, row.claim_id)),
        batch_tags=BATCH_TAGS,
        crumbs=[ways.entry(found.period_from.year), Crumb(N_("结算")), Crumb(found.reference)],
    )
