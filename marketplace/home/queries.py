"""The numbers and the map of the first page."""

from dataclasses import dataclass

from app.core import database
from marketplace.products.catalogue.queries import LISTED


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """How much there is, in four numbers."""

    villages: int
    stations: int
    organizations: int
    products: int


@dataclass(frozen=True, slots=True)
class DistrictSupply:
    """How many listed products reach a district, those offered in the whole city included."""

    code: str
    name_zh: str
    name_en: str
    products: int


_FIGURES = f"""
SELECT (SELECT count(*) FROM place WHERE level = 'village') AS villages,
       (SELECT count(*) FROM station WHERE open) AS stations,
       (SELECT count(*) FROM organization WHERE status = 'verified') AS organizations,
       (SELECT count(*) FROM product p JOIN organization o ON o.id = p.organization_id WHERE {LISTED}) AS products
"""

_SUPPLY = f"""
WITH offered AS (
    SELECT DISTINCT p.id, left(area.code, 6) AS code
    FROM product p
    JOIN organization o ON o.id = p.organization_id
    JOIN product_area a ON a.product_id = p.id AND a.product_version = p.listed_version
    JOIN place area ON area.id = a.place_id
    WHERE {LISTED})
SELECT district.code, district.name_zh, district.name_en, count(DISTINCT offered.id) AS products
FROM place district LEFT JOIN offered ON offered.code IN (district.code, left(district.code, 4))
WHERE district.level = 'district' GROUP BY district.id ORDER BY district.code
"""


async def home_figures() -> HomeFigures:
    """Return how much there is."""
    row = await database.fetch_one(_FIGURES)
    assert row is not None  # noqa: S101 - a SELECT of counts always has its one row
    return HomeFigures(**row)


async def supply_by_district() -> list[DistrictSupply]:
    """Return the districts, by code, with how many products reach each."""
    return [DistrictSupply(**row) for row in await database.fetch(_SUPPLY)]
