"""The public page of the matrix, with the negative list and who is no provider."""

from datetime import date

from litestar import Response, get
from litestar.params import FromQuery

from app.core import clock
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import public
from app.web.pages import page
from marketplace.organizations.matrix.queries import exclusions, load_matrix, rows_of
from marketplace.organizations.provision import CATEGORY_NAMES, CREDENTIAL_NAMES, EVIDENCE, QUALIFICATION_NAMES
from marketplace.organizations.rules import KIND_NAMES
from marketplace.products.checking.queries import negative_list


@get("/organizations/matrix", guards=[public])
async def show_matrix(on: FromQuery[date | None] = None) -> Response[str]:
    """Show who may provide what on a day; without one, today."""
    day = on or clock.today()
    matrix = await load_matrix()
    return await page(
        "marketplace/organizations/matrix.html",
        day=day,
        rows=rows_of(matrix, day),
        exclusions=exclusions(matrix, day),
        negative=await negative_list(day),
        kind_names=KIND_NAMES,
        category_names=CATEGORY_NAMES,
        paper_names=QUALIFICATION_NAMES,
        credential_names=CREDENTIAL_NAMES,
        evidence=EVIDENCE,
        crumbs=[Crumb(N_("服务机构"), "/organizations"), Crumb(N_("谁能提供什么"))],
    )
