"""The first page."""

from litestar import Response, get

from app.web.guards import public
from app.web.pages import page
from marketplace.home import queries
from marketplace.home.supply_map import KEY, supply_map
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page, counts_by_category
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import PER_UNIT_NAMES

NEWEST = 6


@get("/", guards=[public])
async def home() -> Response[str]:
    """Show what there is, where, and how to find it."""
    return await page(
        "marketplace/home/home.html",
        figures=await queries.home_figures(),
        picture=await supply_map(await queries.supply_by_district()),
        map_key=KEY,
        categories=await counts_by_category(),
        category_names=CATEGORY_NAMES,
        category_tags=CATEGORY_TAGS,
        unit_names=PER_UNIT_NAMES,
        newest=(await catalogue_page(CatalogueFilter(), size=NEWEST)).rows,
    )
