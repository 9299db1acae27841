"""The service list's page, and what a place's page says of it."""

from functools import lru_cache

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from app.core.access import Principal
from app.core.settings import settings
from app.core.text import N_
from app.web import qr
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import public
from app.web.pages import page
from app.web.slots import Fill
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.places import queries as places
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import GROUP_NAMES, PER_UNIT_NAMES
from marketplace.products.service_list.queries import service_list, services_at


@get("/places/{code:str}/services", guards=[public])
async def services(code: FromPath[str]) -> Response[str]:
    """Show what can be had at a place: both languages on one sheet, a QR code to each service's page."""
    path = await places.path_to(code)
    stations = await places.stations_around(code)
    above = [one for one in stations if len(one.place_code) < len(code)]
    crumbs = [Crumb(N_("地区"), "/places"), *(Crumb(localized(p, "name"), f"/places/{p.code}") for p in path[1:])]
    return await page(
        "marketplace/products/service_list.html",
        place=path[-1],
        stations=[one for one in stations if one.place_code == code] or above,
        listed=await service_list(code),
        code_of=code_of,
        list_code=code_of(f"/products?place={code}"),
        address=settings().public_url,
        category_names=CATEGORY_NAMES,
        group_names=GROUP_NAMES,
        unit_names=PER_UNIT_NAMES,
        crumbs=[*crumbs, Crumb(N_("服务清单"))],
    )


@lru_cache(maxsize=2_000)
def code_of(path: str) -> Markup:
    """Return the QR code of one of our addresses; drawing one takes a few milliseconds, so they are kept."""
    return qr.svg(f"{settings().public_url}{path}")


async def services_of_place(_principal: Principal, place_code: str) -> Fill | None:
    """Fill ``place.aside``: how many services of each category can be had here."""
    counted = await services_at(place_code)
    context = {"counted": counted, "place_code": place_code, "category_names": CATEGORY_NAMES, "tags": CATEGORY_TAGS}
    return Fill("marketplace/products/at_place.html", context) if counted.total else None
