"""One purchase: its contract, its units, its payments as a whole."""

from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.claims.wording import TAGS as CLAIM_TAGS
from procurement.deliveries.tags import STATUS_TAGS as UNIT_TAGS
from procurement.oversight.flags.controllers import WORDS
from procurement.oversight.flags.queries import flags_of
from procurement.oversight.trace import ways
from procurement.oversight.trace.purchases import queries
from procurement.payments.trace import ITEM_NAMES
from procurement.purchases.tags import STATUS_TAGS

READER = requires(Permission.LEDGER_READ)


@get("/oversight/purchases/{reference:str}", guards=[READER])
async def purchase(
    reference: FromPath[str], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show a purchase with its contract and its units, a page at a time; the sums are those of all."""
    found = await queries.purchase(principal, reference)
    units = await queries.units(found.id, decode_cursor(cursor, tuple[datetime, int]), PAGE + 1)
    return await page(
        "procurement/oversight/trace/purchase.html",
        found=found,
        part=sliced(units, key=lambda row: (row.starts, row.id)),
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
