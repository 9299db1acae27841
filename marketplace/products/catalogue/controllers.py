"""The catalogue and a product's page, for everybody."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public
from app.web.pages import page
from app.web.pagination import Slice, page_size
from marketplace.organizations.provision import CATEGORY_NAMES, CREDENTIAL_NAMES, SKILL_NAMES
from marketplace.organizations.rules import KIND_NAMES
from marketplace.products import areas
from marketplace.products.catalogue import queries
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.catalogue.tags import CATEGORY_TAGS, RATING_NAMES
from marketplace.products.content import GROUP_NAMES, PER_UNIT_NAMES


@get("/products", guards=[public])
async def catalogue(
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Response[str]:
    """Show the catalogue; every filter stands in the address, so that a list can be passed on."""
    asked = Form.from_query(request, CatalogueForm).value
    found = await queries.catalogue_page(asked.asked(), cursor, page_size(limit))
    choices = await areas.city_and_districts()
    if asked.place and asked.place not in {area.code for area in choices}:
        choices += await areas.areas_named([asked.place])
    return await page(
        "marketplace/products/catalogue.html",
        asked=asked,
        found=found,
        part=Slice(found.rows, found.next_cursor),
        place_options=[(area.code, localized(area, "name")) for area in choices],
        place=next((area for area in choices if area.code == asked.place), None),
        provider=await queries.provider_named(asked.organization) if asked.organization else None,
        rating_names=RATING_NAMES,
        may_save=principal.signed_in,
        **WORDS,
    )


@get("/products/{reference:str}", guards=[public])
async def product(reference: FromPath[str]) -> Response[str]:
    """Show one listed product: what, how well, by whom, in which steps, where, from whom."""
    found = await queries.product_page(reference)
    crumbs = [
        Crumb(N_("找服务"), "/products"),
        Crumb(CATEGORY_NAMES[found.category], f"/products?category={found.category}"),
        Crumb(found.reference),
    ]
    return await page(
        "marketplace/products/product.html",
        product=found,
        crumbs=crumbs,
        kind_names=KIND_NAMES,
        credential_names=CREDENTIAL_NAMES,
        skill_names=SKILL_NAMES,
        **WORDS,
    )


WORDS: dict[str, Any] = {
    "category_tags": CATEGORY_TAGS,
    "category_names": CATEGORY_NAMES,
    "group_names": GROUP_NAMES,
    "unit_names": PER_UNIT_NAMES,
}
