"""Reading places: one by code, its path from the city down, what lies below it, the district shapes."""

import json
from dataclasses import dataclass
from typing import Any

from app.core import database
from app.core.errors import NotFound
from marketplace.places.rules import codes_above


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with what pages show of it."""

    id: int
    code: str
    level: str
    name_zh: str
    name_en: str
    rural: bool
    short_of_lawyers: bool
    approximate: bool


@dataclass(frozen=True, slots=True)
class StationView:
    """A station with what pages show of it."""

    id: int
    kind: str
    name_zh: str
    name_en: str
    phone: str
    open: bool
    place_code: str


@dataclass(frozen=True, slots=True)
class DistrictShape:
    """A district's boundary (GeoJSON MultiPolygon, WGS 84) for the map."""

    code: str
    name_zh: str
    name_en: str
    boundary: dict[str, Any]


_PLACE = "id, code, level, name_zh, name_en, rural, short_of_lawyers, approximate"


async def path_to(code: str) -> list[PlaceView]:
    """Return the place and its parents, the city first; parents are the code's own prefixes."""
    rows = await database.fetch(
        f"SELECT {_PLACE} FROM place WHERE code = ANY($1) ORDER BY length(code)", codes_above(code)
    )
    if not rows or rows[-1]["code"] != code:
        raise NotFound
    return [PlaceView(**row) for row in rows]


async def children_of(place_id: int) -> list[PlaceView]:
    """Return the places directly below, by code."""
    rows = await database.fetch(f"SELECT {_PLACE} FROM place WHERE parent_id = $1 ORDER BY code", place_id)
    return [PlaceView(**row) for row in rows]


async def find_places(text: str, limit: int = 20) -> list[PlaceView]:
    """Find places whose name contains the text, the larger ones first."""
    rows = await database.fetch(
        f"""SELECT {_PLACE} FROM place
            WHERE name_zh LIKE '%' || $1 || '%' OR name_en ILIKE '%' || $1 || '%'
            ORDER BY length(code), code LIMIT $2""",
        text.replace("%", "").replace("_", ""),
        limit,
    )
    return [PlaceView(**row) for row in rows]


async def stations_in(code: str) -> list[StationView]:
    """Return the stations of a place and of all below it."""
    rows = await database.fetch(
        """SELECT s.id, s.kind, s.name_zh, s.name_en, s.phone, s.open, p.code AS place_code
           FROM station s JOIN place p ON p.id = s.place_id WHERE p.code LIKE $1 || '%' ORDER BY p.code, s.id""",
        code,
    )
    return [StationView(**row) for row in rows]


async def district_shapes() -> list[DistrictShape]:
    """Return the thirteen districts with their boundaries."""
    rows = await database.fetch(
        "SELECT code, name_zh, name_en, boundary::text AS boundary FROM place WHERE level = 'district' ORDER BY code"
    )
    return [DistrictShape(**{**row, "boundary": json.loads(row["boundary"])}) for row in rows]
