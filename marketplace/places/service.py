"""Loading the city's places, opening stations, marking where lawyers are short."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from app.core import audit, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from marketplace.places import names, points, rules
from marketplace.places.rules import Level

_UPSERT = """
INSERT INTO place (code, level, parent_id, name_zh, name_en, rural, longitude, latitude, approximate,
                   east_m, north_m, boundary)
SELECT d.code, d.level, parent.id, d.name_zh, d.name_en, d.rural, d.longitude, d.latitude, d.approximate,
       d.east_m, d.north_m, d.boundary::jsonb
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::float8[], $8::float8[],
            $9::boolean[], $10::integer[], $11::integer[], $12::text[])
     AS d (code, level, parent_code, name_zh, name_en, rural, longitude, latitude, approximate, east_m, north_m,
           boundary)
LEFT JOIN place AS parent ON parent.code = d.parent_code
ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, rural = excluded.rural,
    longitude = excluded.longitude, latitude = excluded.latitude, east_m = excluded.east_m,
    north_m = excluded.north_m, boundary = excluded.boundary
WHERE (place.name_zh, place.name_en, place.rural, place.longitude, place.latitude, place.boundary)
    IS DISTINCT FROM
    (excluded.name_zh, excluded.name_en, excluded.rural, excluded.longitude, excluded.latitude, excluded.boundary)
"""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as it is stored."""

    code: str
    level: Level
    parent_code: str | None
    name_zh: str
    name_en: str
    rural: bool
    point: points.Point
    approximate: bool
    boundary: str | None = None


@dataclass(frozen=True, slots=True)
class NewStation:
    """A station to open at a place, at the place's own point."""

    place_code: str
    kind: str
    name_zh: str
    name_en: str
    phone: str = ""


async def import_places() -> int:
    """Load or refresh the 3,530 places of Hangzhou; return how many rows changed."""
    by_level: dict[Level, list[PlaceRow]] = {level: [] for level in Level}
    for row in read_places():
        by_level[row.level].append(row)
    async with transaction():
        # Parents first: a child finds its parent's id by code.
        return sum([await _store(by_level[level]) for level in Level])


async def open_stations(principal: Principal, stations: Iterable[NewStation]) -> int:
    """Open stations that do not exist yet; return how many were new."""
    scope = principal.scope(Permission.PLACE_MANAGE)
    wanted = list(stations)
    for station in wanted:
        scope.require_place(station.place_code)
    async with transaction():
        opened = await database.fetch(
            """INSERT INTO station (place_id, kind, name_zh, name_en, phone, east_m, north_m)
               SELECT place.id, d.kind, d.name_zh, d.name_en, d.phone, place.east_m, place.north_m
               FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                    AS d (code, kind, name_zh, name_en, phone)
               JOIN place ON place.code = d.code
               ON CONFLICT (place_id, kind, name_zh) DO NOTHING RETURNING id""",
            *database.columns([(s.place_code, s.kind, s.name_zh, s.name_en, s.phone) for s in wanted], 5),
        )
        await audit.record_many(principal, [audit.Entry("station.opened", "station", row["id"], {}) for row in opened])
    return len(opened)


async def mark_shortage(principal: Principal, codes: Iterable[str], *, short: bool) -> int:
    """Say which places are short of lawyers; dispatch serves them first."""
    scope = principal.scope(Permission.PLACE_MANAGE)
    wanted = sorted(set(codes))
    for code in wanted:
        scope.require_place(code)
    async with transaction():
        changed = await database.fetch(
            "UPDATE place SET short_of_lawyers = $2 WHERE code = ANY($1) AND short_of_lawyers <> $2 RETURNING id",
            wanted,
            short,
        )
        if await database.fetch_value("SELECT count(*) FROM place WHERE code = ANY($1)", wanted) < len(wanted):
            raise NotFound
        entries = [audit.Entry("place.shortage", "place", row["id"], {"short": short}) for row in changed]
        await audit.record_many(principal, entries)
    return len(changed)


def read_places() -> Iterator[PlaceRow]:
    """Read the shipped lists: the city, then districts, towns and villages."""
    shapes = _district_shapes()
    city_code, city_name = names.city()
    yield PlaceRow(city_code, Level.CITY, None, city_name, names.english_name(city_name), False, points.ORIGIN, False)
    for row in _csv("districts.csv"):
        geometry = shapes[row["code"]]
        middle = points.centre(points.outer_rings(geometry))
        yield _place(row, city_code, middle, boundary=json.dumps(geometry, separators=(",", ":")))
    towns: dict[str, points.Point] = {}
    for row in _csv("towns.csv"):
        rings = points.outer_rings(shapes[row["district_code"]])
        towns[row["code"]] = points.town_point(row["code"], rings)
        yield _place(row, row["district_code"], towns[row["code"]])
    for row in _csv("villages.csv"):
        rings = points.outer_rings(shapes[row["town_code"][:6]])
        point = points.village_point(row["code"], towns[row["town_code"]], rings)
        yield _place(row, row["town_code"], point)


def _place(row: dict[str, str], parent: str, point: points.Point, boundary: str | None = None) -> PlaceRow:
    name = row["name"].strip()
    level = rules.level_of(row["code"])
    rural = level is Level.VILLAGE and names.is_rural(name)
    return PlaceRow(
        row["code"], level, parent, name, names.english_name(name), rural, point, boundary is None, boundary
    )


async def _store(rows: list[PlaceRow]) -> int:
    stored = [
        (r.code, r.level.value, r.parent_code, r.name_zh, r.name_en, r.rural, r.point[0], r.point[1],
         r.approximate, *points.plane(r.point), r.boundary)
        for r in rows
    ]  # fmt: skip
    return await database.execute(_UPSERT, *database.columns(stored, 12))


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (files("marketplace.places") / "data" / name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _district_shapes() -> dict[str, Any]:
    text = (files("marketplace.places") / "data" / "districts.geojson").read_text(encoding="utf-8")
    return {shape["properties"]["code"]: shape["geometry"] for shape in json.loads(text)["features"]}
