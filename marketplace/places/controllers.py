"""Places for everybody: the city's districts, and one page for each district, town and village."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import public
from app.web.pages import page
from marketplace.places import queries
from marketplace.places.names import city
from marketplace.places.rules import Level
from marketplace.places.tags import LEVEL_NAMES, RURAL_TAG, SHORT_TAG

MOST_FOUND = 30
WORDS: dict[str, Any] = {"rural_tag": RURAL_TAG, "short_tag": SHORT_TAG, "level_names": LEVEL_NAMES}


@get("/places", guards=[public])
async def places(q: FromQuery[str | None] = None) -> Response[str]:
    """Show the districts; a name typed in finds any place of the city."""
    text = (q or "").strip()
    return await page(
        "marketplace/places/index.html",
        districts=await queries.areas_below(city()[0]),
        text=text,
        found=await queries.find_places(text, MOST_FOUND) if text else [],
        **WORDS,
    )


@get("/places/{code:str}", guards=[public])
async def place(code: FromPath[str]) -> Response[Any]:
    """Show a district, a town or a village: who comes, whom to ask, what lies below."""
    if code == city()[0]:
        return Redirect("/places", status_code=301)
    found = await queries.area(code)
    path = await queries.path_to(code)
    stations = await queries.stations_around(code)
    return await page(
        "marketplace/places/show.html",
        place=found,
        crumbs=[Crumb(N_("地区"), "/places"), *(_crumb(one) for one in path[1:])],
        parent=path[-2],
        below=[] if found.level == Level.VILLAGE else await queries.areas_below(code),
        own_stations=[one for one in stations if one.place_code == code],
        stations_below=[one for one in stations if len(one.place_code) > len(code)],
        stations_above=[one for one in stations if len(one.place_code) < len(code)],
        **WORDS,
    )


def _crumb(one: queries.PlaceView) -> Crumb:
    return Crumb(localized(one, "name"), f"/places/{one.code}")
