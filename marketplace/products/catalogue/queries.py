"""Reading the catalogue: a page of it in one statement (two when no product has all the words), one product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.core import database
from app.core.errors import NotFound
from app.web.pagination import PAGE, decode_cursor, encode_cursor
from marketplace.organizations.provision import Category
from marketplace.products import search
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.dossiers import CONTENT_COLUMNS, content_of

LISTED = "p.status = 'listed' AND o.status = 'verified'"
RANK_STEPS = 1_000_000  # a rank becomes an integer, so that a cursor says exactly where a page ended


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What a reader asks the catalogue for; everything empty asks for all of it."""

    text: str = ""
    category: Category | None = None
    place_code: str = ""
    target_group: TargetGroup | None = None
    unit: Unit | None = None
    organization: UUID | None = None


class AreaName(msgspec.Struct, frozen=True):
    """A place in which a product is offered."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One product as a list shows it."""

    id: int
    reference: str
    category: Category
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    target_group: TargetGroup
    unit: Unit
    minutes: int
    ceiling_fen: int
    organization: UUID
    organization_zh: str
    organization_en: str
    listed_at: datetime
    areas: tuple[AreaName, ...]


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page, how many products match in all, and whether only some of the words were found."""

    rows: tuple[CatalogueRow, ...]
    total: int
    next_cursor: str | None = None
    some_words_only: bool = False


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A listed product as everybody may see it: the version that was decided, and by whom it is offered."""

    id: int
    reference: str
    category: Category
    version: int
    content: ProductContent
    organization_id: int
    organization: UUID
    organization_zh: str
    organization_en: str
    organization_kind: str
    uscc: str
    listed_at: datetime
    decided_at: datetime
    suspended: bool
    areas: tuple[AreaName, ...]
    title_zh: str
    title_en: str


class _Cursor(msgspec.Struct, array_like=True):
    """Where a page ended: the operator that matched, the last row's rank and id."""

    operator: str
    rank: int
    id: int


_AREA_NAMES = """
COALESCE((SELECT jsonb_agg(jsonb_build_object('code', place.code, 'name_zh', place.name_zh,
                                              'name_en', place.name_en) ORDER BY place.code)
          FROM product_area a JOIN place ON place.id = a.place_id
          WHERE a.product_id = v.product_id AND a.product_version = v.number), '[]')::text AS areas
"""

# A product offered in a place serves all below it; who asks for a district also sees what one of its towns has.
_PAGE = f"""
WITH found AS MATERIALIZED (
    SELECT p.id, p.listed_version, p.organization_id, %s AS rank
    FROM product p
    JOIN organization o ON o.id = p.organization_id
    JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
    WHERE {LISTED} AND %s
      AND ($2 = '' OR p.category = $2) AND ($3 = '' OR v.target_group = $3) AND ($4 = '' OR v.unit = $4)
      AND ($5::uuid IS NULL OR o.public_id = $5)
      AND ($6 = '' OR EXISTS (
          SELECT 1 FROM product_area a JOIN place ON place.id = a.place_id
          WHERE a.product_id = p.id AND a.product_version = p.listed_version
            AND (place.code LIKE $6 || '%%' OR $6 LIKE place.code || '%%'))))
SELECT (SELECT count(*) FROM found) AS total, found.rank, p.id, p.reference, p.category, v.title_zh, v.title_en,
       v.summary_zh, v.summary_en, v.target_group, v.unit, v.minutes, v.ceiling_fen, p.listed_at,
       o.public_id AS organization, o.name_zh AS organization_zh, o.name_en AS organization_en, {_AREA_NAMES}
FROM found
JOIN product p ON p.id = found.id
JOIN product_version v ON v.product_id = found.id AND v.number = found.listed_version
JOIN organization o ON o.id = found.organization_id
WHERE $7::integer IS NULL OR (found.rank, found.id) < ($7, $8::bigint)
ORDER BY found.rank DESC, found.id DESC LIMIT $9
"""

_PRODUCT = f"""
SELECT p.id, p.reference, p.category, p.listed_version AS version, p.listed_at, NOT ({LISTED}) AS suspended,
       o.id AS organization_id, o.public_id AS organization, o.name_zh AS organization_zh,
       o.name_en AS organization_en, o.kind AS organization_kind, o.uscc, decision.decided_at,
       {CONTENT_COLUMNS}, {_AREA_NAMES}
FROM product p
JOIN organization o ON o.id = p.organization_id
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
JOIN product_decision decision ON decision.product_version_id = v.id AND decision.verdict = 'list'
WHERE p.reference = $1 AND p.status IN ('listed', 'suspended')
"""


async def catalogue_page(asked: CatalogueFilter, cursor: str | None = None, size: int = PAGE) -> CataloguePage:
    """Return a page of listed products, the best match first; if no product has all the words, those with any."""
    start = decode_cursor(cursor, _Cursor)
    if start is not None:
        return await _read(asked, start.operator, start, size)
    page = await _read(asked, "&", None, size)
    if page.rows or len(search.terms(asked.text)) < 2:
        return page
    return await _read(asked, "|", None, size)


async def product_page(reference: str) -> ProductPage:
    """Return the listed version of a product; what was never listed, or left the catalogue, is not found."""
    row = await database.fetch_one(_PRODUCT, reference)
    if row is None:
        raise NotFound
    areas = tuple(msgspec.json.decode(row["areas"], type=list[AreaName]))
    content = content_of({**row, "areas": [area.code for area in areas]})
    kept = ("id", "reference", "version", "listed_at", "suspended", "organization_id", "organization",
            "organization_zh", "organization_en", "organization_kind", "uscc", "decided_at", "title_zh",
            "title_en")  # fmt: skip
    return ProductPage(
        **{name: row[name] for name in kept}, category=Category(row["category"]), content=content, areas=areas
    )


async def counts_by_category() -> Mapping[Category, int]:
    """Return how many products are listed in each category, those with none included."""
    rows = await database.fetch(
        f"""SELECT p.category, count(*) AS listed FROM product p JOIN organization o ON o.id = p.organization_id
            WHERE {LISTED} GROUP BY p.category"""
    )
    listed = {row["category"]: row["listed"] for row in rows}
    return {category: listed.get(category.value, 0) for category in Category}


async def _read(asked: CatalogueFilter, operator: str, start: _Cursor | None, size: int) -> CataloguePage:
    wanted = search.query(asked.text, operator)
    rank, matches = ("0", "$1 = ''")
    if wanted:
        rank, matches = f"(ts_rank(p.search, $1::tsquery) * {RANK_STEPS})::integer", "p.search @@ $1::tsquery"
    rows = await database.fetch(
        _PAGE % (rank, matches),
        wanted,
        asked.category or "",
        asked.target_group or "",
        asked.unit or "",
        asked.organization,
        asked.place_code,
        start.rank if start else None,
        start.id if start else None,
        size + 1,
    )
    kept = rows[:size]
    following = None
    if len(rows) > size:
        following = encode_cursor(_Cursor(operator, kept[-1]["rank"], kept[-1]["id"]))
    total = rows[0]["total"] if rows else 0
    return CataloguePage(tuple(_row(row) for row in kept), total, following, bool(wanted) and operator == "|")


def _row(row: database.Row) -> CatalogueRow:
    values = {name: value for name, value in row.items() if name not in ("total", "rank")}
    values |= {
        "category": Category(row["category"]),
        "target_group": TargetGroup(row["target_group"]),
        "unit": Unit(row["unit"]),
        "areas": tuple(msgspec.json.decode(row["areas"], type=list[AreaName])),
    }
    return CatalogueRow(**values)
