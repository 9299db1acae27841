"""Reading what is near: the village at a point, the stations by distance, how many services reach each district."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core import database
from app.core.errors import InvalidInput
from app.core.text import Message
from marketplace.places.names import city
from marketplace.products.catalogue.filters import CatalogueFilter, asked_question, conditions
from marketplace.products.near.rules import FARTHEST_M, OUTSIDE

STATIONS = 3


@dataclass(frozen=True, slots=True)
class NearStation:
    """An open station and how far it is."""

    name_zh: str
    name_en: str
    phone: str
    place_code: str
    metres: int


async def village_at(east_m: int, north_m: int) -> str:
    """Return the code of the nearest village; refuse a point that is far from all of them."""
    row = await database.fetch_one(
        """SELECT code, sqrt((east_m - $1)::float8 ^ 2 + (north_m - $2)::float8 ^ 2) AS metres
           FROM place WHERE level = 'village' ORDER BY metres LIMIT 1""",
        east_m,
        north_m,
    )
    if row is None or row["metres"] > FARTHEST_M:
        raise InvalidInput({"place": Message(OUTSIDE)})
    return str(row["code"])


async def stations_near(code: str) -> list[NearStation]:
    """Return the open stations nearest to a place."""
    rows = await database.fetch(
        f"""SELECT s.name_zh, s.name_en, s.phone, own.code AS place_code,
                   sqrt((s.east_m - here.east_m)::float8 ^ 2
                        + (s.north_m - here.north_m)::float8 ^ 2)::integer AS metres
            FROM place here CROSS JOIN station s JOIN place own ON own.id = s.place_id
            WHERE here.code = $1 AND s.open ORDER BY metres, s.id LIMIT {STATIONS}""",
        code,
    )
    return [NearStation(**row) for row in rows]


async def by_district(asked: CatalogueFilter) -> Mapping[str, int]:
    """Return by district how many products reach it, those offered in the whole city included."""
    question = await asked_question(asked.text)
    where = conditions(asked, question.at(0))
    rows = await database.fetch(
        f"""SELECT left(area.code, 6) AS code, count(DISTINCT l.product_id) AS products
            FROM listing l
            JOIN product p ON p.id = l.product_id
            JOIN product_area a ON a.product_id = p.id AND a.product_version = p.listed_version
            JOIN place area ON area.id = a.place_id
            WHERE {where} GROUP BY left(area.code, 6)""",
        *where.values,
    )
    found = {row["code"]: row["products"] for row in rows}
    everywhere = found.pop(city()[0], 0)
    districts = await database.fetch("SELECT code FROM place WHERE level = 'district' ORDER BY code")
    return {row["code"]: found.get(row["code"], 0) + everywhere for row in districts}
