"""The thirteen districts as a picture of any one number; each leads to the district's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.text import Message
from app.web.filters import localized
from app.web.map_svg import Picture, Shape, picture
from marketplace.places.queries import DistrictShape, district_shapes

ENGLISH_ENDINGS = (" District", " County", " City")
CLASSES = 4
_known: list[DistrictShape] = []


@dataclass(frozen=True, slots=True)
class Figure:
    """What the map says of a district: the number and a sentence, which may name the ``%(district)s``."""

    number: int
    tip: Message


def step(number: int, most: int) -> int:
    """Return the class of a number: 0 for nothing, then four equal parts of the largest."""
    return 0 if number <= 0 else min(CLASSES, 1 + CLASSES * (number - 1) // max(most, 1))


async def district_map(
    figures: Mapping[str, Figure], nothing: Figure, link: str = "/places/", most: int | None = None
) -> Picture:
    """Draw the districts with their numbers by code; each leads to ``link`` and its code.

    Two maps that are compared name the ``most`` of both. Boundaries do not change while the program runs.
    """
    if not _known:
        _known.extend(await district_shapes())
    largest = most or max((figure.number for figure in figures.values()), default=0)
    return picture([_shape(one, figures.get(one.code, nothing), largest, link) for one in _known])


def _shape(district: DistrictShape, figure: Figure, most: int, link: str) -> Shape:
    name = localized(district, "name")
    short = next((name.removesuffix(end) for end in ENGLISH_ENDINGS if name.endswith(end)), name)
    tip = Message(figure.tip.msgid, {**figure.tip.values, "district": name})
    boundary: dict[str, Any] = district.boundary
    drawn = str(figure.number)
    return Shape(district.code, short, f"{link}{district.code}", boundary, step(figure.number, most), drawn, tip)
