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
class Area(PlaceView):
    """A place in a list of its siblings, with how many towns and villages lie below it, and where its point is."""

    longitude: float
    latitude: float
    towns: int
    villages: int
    short_below: int


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which places are asked for: those directly below one, those whose name contains a text."""

    parent: str = ""
    text: str = ""


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


_AREAS = """
SELECT p.id, p.code, p.level, p.name_zh, p.name_en, p.rural, p.short_of_lawyers, p.approximate,
       p.longitude, p.latitude, count(*) FILTER (WHERE below.level = 'town') AS towns,
       count(*) FILTER (WHERE below.level = 'village') AS villages,
       count(*) FILTER (WHERE below.short_of_lawyers) AS short_below
FROM place p LEFT JOIN place below
    ON length(below.code) > length(p.code) AND left(below.code, length(p.code)) = p.code AND below.code LIKE $1 || '%'
WHERE {which} GROUP BY p.id ORDER BY p.code
"""
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


async def areas_below(code: str) -> list[Area]:
    """Return the places directly below, by code, with how much lies below each."""
    which = "p.parent_id = (SELECT id FROM place WHERE code = $1)"
    return [Area(**row) for row in await database.fetch(_AREAS.format(which=which), code)]


async def area(code: str) -> Area:
    """Return one place with how much lies below it."""
    row = await database.fetch_one(_AREAS.format(which="p.code = $1"), code)
    if row is None:
        raise NotFound
    return Area(**row)


async def listed_places(asked: PlaceFilter, after: str | None = None, limit: int = 51) -> list[PlaceView]:
    """Return the places asked for, by code."""
    rows = await database.fetch(
        f"""SELECT {_PLACE} FROM place
            WHERE ($1 = '' OR parent_id = (SELECT id FROM place WHERE code = $1))
              AND ($2 = '' OR strpos(name_zh, $2) > 0 OR strpos(lower(name_en), lower($2)) > 0)
              AND ($3::text IS NULL OR code > $3)
            ORDER BY code LIMIT $4""",
        asked.parent,
        asked.text,
        after,
        limit,
    )
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


async def stations_around(code: str) -> list[StationView]:
    """Return the open stations of a place and of all below it, and of the places above: whom to ask from there."""
    rows = await database.fetch(
        """SELECT s.id, s.kind, s.name_zh, s.name_en, s.phone, s.open, p.code AS place_code
           FROM station s JOIN place p ON p.id = s.place_id
           WHERE s.open AND (p.code LIKE $1 || '%' OR p.code = ANY ($2)) ORDER BY p.code, s.id""",
        code,
        codes_above(code),
    )
    return [StationView(**row) for row in rows]


async def district_shapes() -> list[DistrictShape]:
    """Return the thirteen districts with their boundaries."""
    rows = await database.fetch(
        "SELECT code, name_zh, name_en, boundary::text AS boundary FROM place WHERE level = 'district' ORDER BY code"
    )
    return [DistrictShape(**{**row, "boundary": json.loads(row["boundary"])}) for row in rows]
