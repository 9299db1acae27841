"""Reading flagship projects with what has been reached."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.core import database
from app.core.database import Row
from app.core.errors import NotFound
from marketplace.flagships.rules import FlagshipStatus
from marketplace.products.editions import usage
from marketplace.products.editions.usage import Wanted


class ProductName(msgspec.Struct, frozen=True):
    """A product of a project."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str


@dataclass(frozen=True, slots=True)
class FlagshipView:
    """A project with its progress."""

    id: int
    reference: str
    year: int
    place_code: str
    place_zh: str
    place_en: str
    title_zh: str
    title_en: str
    promise_zh: str
    unit: str
    target: int
    status: FlagshipStatus
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None
    result_zh: str
    products: tuple[ProductName, ...]
    reached: int


_PROJECT = """
SELECT f.id, f.reference, f.year, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       f.title_zh, f.title_en, f.promise_zh, f.unit, f.target, f.status, f.proposed_by,
       account.display_name AS proposer, f.proposed_at, f.decided_at, f.closed_at, f.result_zh, f.reached,
       (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'reference', p.reference, 'title_zh', v.title_zh,
                                            'title_en', v.title_en, 'organization_zh', o.name_zh,
                                            'organization_en', o.name_en) ORDER BY p.id)
        FROM flagship_product fp JOIN product p ON p.id = fp.product_id JOIN organization o ON o.id = p.organization_id
        JOIN product_version v ON v.product_id = p.id AND v.number = coalesce(p.listed_version, p.latest_version)
        WHERE fp.project_id = f.id)::text AS products
FROM flagship_project f JOIN place ON place.id = f.place_id JOIN account ON account.id = f.proposed_by
"""


async def of_year(year: int, *, adopted: bool) -> list[FlagshipView]:
    """Return the projects of a year, the public's without proposals and refusals."""
    rows = await database.fetch(
        f"{_PROJECT} WHERE f.year = $1 AND (NOT $2 OR f.decided_at IS NOT NULL) ORDER BY f.id", year, adopted
    )
    return await _views(rows)


async def years() -> list[int]:
    """Return the years that have adopted projects, the newest first."""
    rows = await database.fetch(
        "SELECT DISTINCT year FROM flagship_project WHERE decided_at IS NOT NULL ORDER BY year DESC"
    )
    return [row["year"] for row in rows]


async def project(reference: str, *, adopted: bool) -> FlagshipView:
    """Return one project."""
    row = await database.fetch_one(
        f"{_PROJECT} WHERE f.reference = $1 AND (NOT $2 OR f.decided_at IS NOT NULL)", reference, adopted
    )
    if row is None:
        raise NotFound
    [found] = await _views([row])
    return found


async def choices() -> list[Row]:
    """Return listed products to choose from, one category after the other."""
    return await database.fetch(
        """SELECT p.reference, v.title_zh, v.title_en, o.name_zh, o.name_en
             FROM product p JOIN organization o ON o.id = p.organization_id
           JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
           WHERE p.status = 'listed' AND o.status = 'verified' ORDER BY p.category, p.id DESC LIMIT 300"""
    )


async def _views(rows: list[Row]) -> list[FlagshipView]:
    """Return projects with what each has reached: kept at its close, counted until then."""
    products = [tuple(database.decoded(row["products"] or "[]", list[ProductName])) for row in rows]
    counted = await usage.delivered(
        [
            Wanted(tuple(item.id for item in own), row["place_code"], row["year"])
            for row, own in zip(rows, products, strict=True)
        ]
    )
    return [
        FlagshipView(
            **{
                **row,
                "products": own,
                "status": FlagshipStatus(row["status"]),
                "reached": units if row["reached"] is None else row["reached"],
            }
        )
        for row, own, units in zip(rows, products, counted, strict=True)
    ]
