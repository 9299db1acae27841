"""Pages for who looks for something near: by position, by a place's name, on the map."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.core.errors import DomainError
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import public
from app.web.pages import page, see_other
from marketplace.home.supply_map import KEY, NOTHING, TIP
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.places import queries as places
from marketplace.places.district_map import Figure, district_map
from marketplace.places.tags import LEVEL_NAMES
from marketplace.products import areas
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.catalogue.queries import catalogue_page
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import GROUP_NAMES, PER_UNIT_NAMES
from marketplace.products.near import queries, rules
from marketplace.products.near.forms import Position

PLACES, PRODUCTS = 20, 6
LIST = Crumb(N_("找服务"), "/products")


@get("/products/near", guards=[public])
async def near(place: FromQuery[str] = "", q: FromQuery[str] = "") -> Response[str]:
    """Ask where somebody is; for a place, show its stations by distance and what comes there."""
    return await _near(place, q)


@post("/products/near", guards=[public])
async def locate(request: Request[Any, Any, Any]) -> Response[Any]:
    """Turn a position into the village there; the position itself is kept nowhere, not even in an address."""
    form = await Form.read(request, Position)
    try:
        at = form.value
        code = await queries.village_at(*rules.on_the_plane(at.latitude, at.longitude))
    except DomainError:
        return await _near("", "", Message(rules.OUTSIDE))
    return see_other(f"/products/near?place={code}")


@get("/products/map", guards=[public])
async def on_the_map(request: Request[Any, Any, Any]) -> Response[str]:
    """Show how many of the products asked for reach each district; each district leads to its list."""
    asked = Form.from_query(request, CatalogueForm).value
    kept = msgspec.structs.replace(asked, place="", sort=None)
    counted = await queries.by_district(kept.asked())
    link = f"/products?{kept.address}&place=" if kept.address else "/products?place="
    figures = {code: Figure(number, Message(TIP, {"count": number})) for code, number in counted.items()}
    names = {area.code: localized(area, "name") for area in await areas.city_and_districts()}
    return await page(
        "marketplace/products/map.html",
        picture=await district_map(figures, NOTHING, link),
        map_key=KEY,
        link=link,
        rows=[(code, names[code], number) for code, number in counted.items()],
        asked=kept,
        said=[
            *([kept.q] if kept.q else []),
            *([CATEGORY_NAMES[kept.category]] if kept.category else []),
            *([GROUP_NAMES[kept.group]] if kept.group else []),
        ],
        crumbs=[LIST, Crumb(N_("地图"))],
    )


async def _near(place: str, text: str, wrong: Message | None = None) -> Response[str]:
    path = await places.path_to(place) if place else []
    offered = await catalogue_page(CatalogueFilter(place_code=place, near=True), size=PRODUCTS) if place else None
    return await page(
        "marketplace/products/near.html",
        status=422 if wrong else None,
        wrong=wrong,
        path=path,
        stations=await queries.stations_near(place) if place else [],
        offered=offered,
        text=text.strip(),
        found=await places.find_places(text.strip(), PLACES) if text.strip() else [],
        level_names=LEVEL_NAMES,
        category_tags=CATEGORY_TAGS,
        unit_names=PER_UNIT_NAMES,
        crumbs=[LIST, Crumb(N_("离我近的"))],
    )
