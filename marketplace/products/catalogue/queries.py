"""Reading the catalogue: a page of it with its counts, in two statements or three, and one product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.core import database
from app.core.errors import NotFound
from app.web.pagination import PAGE, decode_cursor, encode_cursor
from marketplace.organizations.provision import Category
from marketplace.products.catalogue.facets import Facets, facets
from marketplace.products.catalogue.filters import CatalogueFilter, Conditions, asked_question, conditions
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.dossiers import CONTENT_COLUMNS, content_of
from marketplace.products.search import Question

LISTED = "p.status = 'listed' AND o.status = 'verified'"
RANK_STEPS = 1_000_000  # a rank becomes an integer, so that a cursor says exactly where a page ended
STRICTER = 100_000_000  # far above any rank by words
ENOUGH = 10  # with fewer products that have all that is asked, those that have some of it are shown after them
OWN_WORDS = 3  # how much more the reader's own words count than others that mean the same


class AreaName(msgspec.Struct, frozen=True):
    """A place in which a product is offered."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ProviderName:
    """What a provider is called."""

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
    free: bool
    rating_count: int
    rating_sum: int
    areas: tuple[AreaName, ...]
    metres: int | None = None

    @property
    def rating(self) -> float:
        """Return the average that acceptances gave, 0 for none."""
        return self.rating_sum / self.rating_count if self.rating_count else 0.0


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page, how many products match in all, and whether those with only some of the words were added."""

    rows: tuple[CatalogueRow, ...]
    facets: Facets
    next_cursor: str | None = None
    widened: bool = False
    exact: int = 0  # where it was widened: how many have all that is asked; they come first

    @property
    def total(self) -> int:
        """Return how many products match in all."""
        return self.facets.total


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
    free: bool
    rating_count: int
    rating_sum: int

    @property
    def rating(self) -> float:
        """Return the average that acceptances gave, 0 for none."""
        return self.rating_sum / self.rating_count if self.rating_count else 0.0


class _Cursor(msgspec.Struct, array_like=True):
    """Where a page ended: which of the question's tries matched, the last row's rank and id."""

    which: int
    exact: int
    rank: int
    id: int


_AREA_NAMES = """
COALESCE((SELECT jsonb_agg(jsonb_build_object('code', place.code, 'name_zh', place.name_zh,
                                              'name_en', place.name_en) ORDER BY place.code)
          FROM product_area a JOIN place ON place.id = a.place_id
          WHERE a.product_id = v.product_id AND a.product_version = v.number), '[]')::text AS areas
"""

# The narrow rows are searched and ordered first; what a list shows is read for the one page only.
_PAGE = f"""
WITH page AS MATERIALIZED (
    SELECT l.product_id, l.organization_id, l.free, l.rating_count, l.rating_sum, {{metres}} AS metres, {{rank}} AS rank
    FROM listing l {{seats}} WHERE {{where}} {{after}}
    ORDER BY rank DESC, l.product_id DESC LIMIT {{size}})
SELECT page.rank, p.id, p.reference, p.category, v.title_zh, v.title_en, v.summary_zh, v.summary_en, v.target_group,
       v.unit, v.minutes, v.ceiling_fen, p.listed_at, page.free, page.rating_count, page.rating_sum, page.metres,
       o.public_id AS organization, o.name_zh AS organization_zh, o.name_en AS organization_en, {_AREA_NAMES}
FROM page
JOIN product p ON p.id = page.product_id
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
JOIN organization o ON o.id = page.organization_id
ORDER BY page.rank DESC, p.id DESC
"""

_SEATS = """
JOIN organization provider ON provider.id = l.organization_id JOIN place seat ON seat.id = provider.place_id
JOIN place here ON here.code = {near}
"""
_METRES = "sqrt((seat.east_m - here.east_m)::float8 ^ 2 + (seat.north_m - here.north_m)::float8 ^ 2)::integer"

_PRODUCT = f"""
SELECT p.id, p.reference, p.category, p.listed_version AS version, p.listed_at, NOT ({LISTED}) AS suspended,
       o.id AS organization_id, o.public_id AS organization, o.name_zh AS organization_zh,
       o.name_en AS organization_en, o.kind AS organization_kind, o.uscc, decision.decided_at,
       l.free, l.rating_count, l.rating_sum,
       {CONTENT_COLUMNS}, {_AREA_NAMES}
FROM product p
JOIN listing l ON l.product_id = p.id
JOIN organization o ON o.id = p.organization_id
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
JOIN product_decision decision ON decision.product_version_id = v.id AND decision.verdict = 'list'
WHERE p.reference = $1 AND p.status IN ('listed', 'suspended')
"""


async def catalogue_page(asked: CatalogueFilter, cursor: str | None = None, size: int = PAGE) -> CataloguePage:
    """Return a page of listed products, the best match first; where few have all, then those that have some."""
    start = decode_cursor(cursor, _Cursor)
    question = await asked_question(asked.text)
    which, exact = (start.which, start.exact) if start else await _first_that_finds_enough(asked, question)
    rows = await _read(asked, question, which, start, size)
    kept = rows[:size]
    following = None
    if len(rows) > size:
        following = encode_cursor(_Cursor(which, exact, kept[-1]["rank"], kept[-1]["id"]))
    counted = await facets(asked, question.at(which))
    return CataloguePage(tuple(_row(row) for row in kept), counted, following, which > 0, exact)


async def product_page(reference: str) -> ProductPage:
    """Return the listed version of a product; what was never listed, or left the catalogue, is not found."""
    row = await database.fetch_one(_PRODUCT, reference)
    if row is None:
        raise NotFound
    areas = tuple(msgspec.json.decode(row["areas"], type=list[AreaName]))
    content = content_of({**row, "areas": [area.code for area in areas]})
    kept = ("id", "reference", "version", "listed_at", "suspended", "organization_id", "organization",
            "organization_zh", "organization_en", "organization_kind", "uscc", "decided_at", "title_zh",
            "title_en", "free", "rating_count", "rating_sum")  # fmt: skip
    return ProductPage(
        **{name: row[name] for name in kept}, category=Category(row["category"]), content=content, areas=areas
    )


async def provider_named(organization: UUID) -> ProviderName | None:
    """Return the names of the provider by whom a list is narrowed."""
    row = await database.fetch_one("SELECT name_zh, name_en FROM organization WHERE public_id = $1", organization)
    return ProviderName(**row) if row else None


async def counts_by_category() -> Mapping[Category, int]:
    """Return how many products are listed in each category, those with none included."""
    rows = await database.fetch(
        f"""SELECT p.category, count(*) AS listed FROM product p JOIN organization o ON o.id = p.organization_id
            WHERE {LISTED} GROUP BY p.category"""
    )
    listed = {row["category"]: row["listed"] for row in rows}
    return {category: listed.get(category.value, 0) for category in Category}


async def _first_that_finds_enough(asked: CatalogueFilter, question: Question) -> tuple[int, int]:
    """Return the first of the question's tries that finds enough, and how many products have all that is asked.

    One statement: a wider try is counted only where the one before found too little, and no further than enough.
    """
    if len(question.tries) < 2:
        return 0, 0
    values: list[Any] = []
    parts = []
    for which, wanted in enumerate(question.tries[:-1]):
        where = conditions(asked, wanted, values)
        count = f"SELECT count(*) AS n FROM (SELECT FROM listing l WHERE {where} LIMIT {ENOUGH}) AS few"
        if which:
            count = f"SELECT CASE WHEN (SELECT n FROM t{which - 1}) < {ENOUGH} THEN ({count}) END AS n"
        parts.append(f"t{which} AS MATERIALIZED ({count})")
    names = [f"t{which}" for which in range(len(parts))]
    counted = (
        f"WITH {', '.join(parts)} SELECT ARRAY[{', '.join(f'{name}.n' for name in names)}] FROM {', '.join(names)}"
    )
    found: list[int | None] = await database.fetch_value(counted, *values)
    enough = (which for which, n in enumerate(found) if n == ENOUGH)
    return next(enough, len(question.tries) - 1), found[0] or 0


async def _read(
    asked: CatalogueFilter, question: Question, which: int, start: _Cursor | None, size: int
) -> list[database.Row]:
    where = conditions(asked, question.at(which))
    rank, metres, seats = "0", "NULL::integer", ""
    if asked.near:
        metres, seats = _METRES, _SEATS.format(near=where.value(asked.place_code))
        rank = f"-{metres}"
    elif question.rank_wide:
        rank = _rank(where, asked, question, which)
    after = ""
    if start:
        here, there = (f"{rank}, ", f"{where.value(start.rank)}::integer, ") if rank != "0" else ("", "")
        after = f"AND ({here}l.product_id) < ({there}{where.value(start.id)}::bigint)"
    size_place = where.value(size + 1)
    statement = _PAGE.format(rank=rank, metres=metres, seats=seats, where=where, after=after, size=size_place)
    return await database.fetch(statement, *where.values)


def _rank(where: Conditions, asked: CatalogueFilter, question: Question, which: int) -> str:
    """Return the expression of a rank: what a stricter try would have found first, then by how well words match."""
    literal, wide = where.value(question.rank_literal), where.value(question.rank_wide)
    few = (conditions(asked, tried, where.values) for tried in question.tries[:which])  # fewer than ENOUGH each
    stricter = "".join(
        f" + (l.product_id = ANY (ARRAY(SELECT l.product_id FROM listing l WHERE {one})))::integer * {STRICTER}"
        for one in few
    )
    matching = f"ts_rank(l.heads, {wide}::tsquery) + {OWN_WORDS} * ts_rank(l.heads, {literal}::tsquery)"
    return f"(({matching}) * {RANK_STEPS})::integer{stricter}"


def _row(row: database.Row) -> CatalogueRow:
    values = {name: value for name, value in row.items() if name != "rank"}
    values |= {
        "category": Category(row["category"]),
        "target_group": TargetGroup(row["target_group"]),
        "unit": Unit(row["unit"]),
        "areas": tuple(msgspec.json.decode(row["areas"], type=list[AreaName])),
    }
    return CatalogueRow(**values)
