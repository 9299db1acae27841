"""The public page of a result."""

from litestar import Response, get
from litestar.params import FromPath

from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import public
from app.web.pages import page
from procurement.offers.controllers import NAMES
from procurement.offers.results import queries


@get("/quotations/{reference:str}", guards=[public])
async def show(reference: FromPath[str]) -> Response[str]:
    """Show the result to everybody."""
    found = await queries.result(reference)
    crumbs = [Crumb(N_("采购公告"), "/notices"), Crumb(found.reference)]
    return await page("procurement/offers/result.html", result=found, crumbs=crumbs, **NAMES)
