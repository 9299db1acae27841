"""The map of a plan: a city's districts, or the parts of a district around its towns, by the share of seats filled."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core import database
from app.core.text import N_, Message
from app.web.filters import localized
from app.web.map_svg import Picture, Shape, picture
from marketplace.places.queries import district_shapes
from volunteers.dispatch.review.cells import nearest_parts
from volunteers.dispatch.review.rules import NOTHING, Cover

NONE = 5
"""The class of a place that has no shifts."""
TIP = N_("%(place)s：%(seats)s 个名额，%(filled)s 个有人，%(lost)s 个班开不成")
NO_SHIFTS = N_("%(place)s：没有班次")
KEY = (
    (0, N_("全有人")),
    (1, N_("九成以上")),
    (2, N_("七成半以上")),
    (3, N_("一半以上")),
    (4, N_("不到一半")),
    (NONE, N_("没有班次")),
)
ENDINGS = (" District", " County", " City", " Subdistrict", " Town", " Township")
CITY, DISTRICT = 4, 6
_TOWNS = """
SELECT code, name_zh, name_en, longitude, latitude FROM place
WHERE level = 'town' AND code LIKE $1 || '%' ORDER BY code
"""
_parts: dict[str, dict[str, dict[str, Any]]] = {}


async def plan_map(run: UUID, place_code: str, covers: Mapping[str, Cover]) -> Picture | None:
    """Draw a plan's map; None for a town, which has no parts with an outline. Each part leads to its shifts.

    Boundaries do not change while the program runs.
    """
    if len(place_code) == CITY:
        districts = await district_shapes()
        return picture([_shape(run, vars_of(one), one.boundary, covers.get(one.code, NOTHING)) for one in districts])
    if len(place_code) != DISTRICT:
        return None
    towns = await database.fetch(_TOWNS, place_code)
    if place_code not in _parts:
        boundary = next(one.boundary for one in await district_shapes() if one.code == place_code)
        points = {row["code"]: (row["longitude"], row["latitude"]) for row in towns}
        _parts[place_code] = nearest_parts(boundary, points)
    outlines = _parts[place_code]
    shapes = [
        _shape(run, row, outlines[row["code"]], covers.get(row["code"], NOTHING))
        for row in towns
        if row["code"] in outlines
    ]
    # Parts that are too small for a name have one in the table below; a second picture of them says no more.
    return Picture(picture(shapes).main, None) if shapes else None


def vars_of(place: Any) -> dict[str, str]:
    """Return a place's code and names."""
    return {name: getattr(place, name) for name in ("code", "name_zh", "name_en")}


def _shape(run: UUID, place: Mapping[str, Any], boundary: dict[str, Any], cover: Cover) -> Shape:
    name = localized(place, "name")
    short = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
    href = f"/dispatch/{run}/shifts?place={place['code']}"
    if not cover.shifts:
        return Shape(place["code"], short, href, boundary, NONE, "", Message(NO_SHIFTS, {"place": name}))
    said = {"place": name, "seats": cover.seats, "filled": cover.filled, "lost": cover.shifts - cover.held}
    return Shape(place["code"], short, href, boundary, cover.step, f"{cover.percent}%", Message(TIP, said))
