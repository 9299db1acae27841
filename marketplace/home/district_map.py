"""The thirteen districts as a picture: each leads to its page and says how many services reach it."""

from typing import Any

from app.core.text import N_, Message
from app.web.filters import localized
from app.web.i18n import locale
from app.web.map_svg import Picture, Shape, picture
from marketplace.home.queries import DistrictSupply
from marketplace.places.queries import district_shapes

KEPT = 16
NOTHING, FEW = 4, 3
KEY = ((0, N_("最多")), (1, N_("较多")), (2, N_("较少")), (3, N_("很少")), (4, N_("还没有")))
ENGLISH_ENDINGS = (" District", " County", " City")

_outlines: dict[str, dict[str, Any]] = {}
_drawn: dict[tuple[Any, ...], Picture] = {}


def scarcity(products: int, most: int) -> int:
    """Return the class of a district: 0 has as much as the best supplied one, 4 has nothing."""
    return NOTHING if not products else min(FEW, 4 * (most - products) // most)


async def district_map(supply: list[DistrictSupply]) -> Picture:
    """Draw the districts; the outlines are read once, and a drawing is kept until a number changes."""
    if not _outlines:
        _outlines.update({shape.code: shape.boundary for shape in await district_shapes()})
    key = (locale(), *((row.code, row.products) for row in supply))
    if key not in _drawn:
        while len(_drawn) >= KEPT:
            del _drawn[next(iter(_drawn))]
        most = max((row.products for row in supply), default=0)
        _drawn[key] = picture([_shape(row, most) for row in supply])
    return _drawn[key]


def _shape(row: DistrictSupply, most: int) -> Shape:
    name = localized(row, "name")
    tip = Message(N_("%(district)s：%(count)s 项服务"), {"district": name, "count": row.products})
    short = next((name.removesuffix(end) for end in ENGLISH_ENDINGS if name.endswith(end)), name)
    step = scarcity(row.products, most)
    return Shape(row.code, short, f"/places/{row.code}", _outlines[row.code], step, str(row.products), tip)
