"""Organizations as everybody sees them: the list and one profile."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import public
from app.web.pages import page
from app.web.pagination import PAGE, decode_cursor, sliced
from marketplace.organizations import queries
from marketplace.organizations.forms import ListForm
from marketplace.organizations.provision import CATEGORY_NAMES, QUALIFICATION_NAMES
from marketplace.organizations.rules import KIND_NAMES
from marketplace.products import areas
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import PER_UNIT_NAMES


@get("/organizations", guards=[public])
async def organizations(request: Request[Any, Any, Any], cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the verified organizations."""
    asked = Form.from_query(request, ListForm).value
    found = await queries.list_organizations(
        kind=asked.kind,
        category=asked.category,
        place_code=asked.place,
        text=asked.q,
        after_id=decode_cursor(cursor, int) or 0,
    )
    return await page(
        "marketplace/organizations/list.html",
        asked=asked,
        part=sliced(found, key=lambda row: row.id, size=PAGE),
        kind_names=KIND_NAMES,
        category_names=CATEGORY_NAMES,
        place_options=[(area.code, localized(area, "name")) for area in await areas.city_and_districts()],
    )


@get("/organizations/{public_id:uuid}", guards=[public])
async def organization(public_id: FromPath[UUID]) -> Response[str]:
    """Show a verified organization: who it is, what it may provide, and what it offers."""
    found = await queries.public_profile(public_id)
    offered = await catalogue_page(CatalogueFilter(organization=public_id))
    return await page(
        "marketplace/organizations/show.html",
        organization=found,
        offered=offered,
        crumbs=[Crumb(N_("服务机构"), "/organizations"), Crumb(localized(found, "name"))],
        kind_names=KIND_NAMES,
        category_names=CATEGORY_NAMES,
        category_tags=CATEGORY_TAGS,
        paper_names=QUALIFICATION_NAMES,
        unit_names=PER_UNIT_NAMES,
    )
