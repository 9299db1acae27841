"""Reading editions: the years, one with its entries by category, figures for its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from marketplace.organizations.provision import Category
from marketplace.products.editions.rules import EditionStatus, Fate


@dataclass(frozen=True, slots=True)
class EditionView:
    """One edition: how far it is, and how many products it adds, keeps, adjusts and retires."""

    year: int
    status: EditionStatus
    drawn_up_by: int
    drawn_up_name: str
    drawn_up_at: datetime
    published_at: datetime | None
    counts: Mapping[Fate, int]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One product in an edition."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    category: Category
    organization: UUID
    organization_zh: str
    organization_en: str
    proposal: Fate
    decision: Fate
    reason: str
    units: int
    ratings: int
    mean: float | None


_EDITION = """
SELECT e.year, e.status, e.drawn_up_by, account.display_name AS drawn_up_name, e.drawn_up_at, e.published_at,
       (SELECT jsonb_object_agg(decision, number) FROM (
            SELECT decision, count(*) AS number FROM catalogue_entry WHERE edition_id = e.id GROUP BY decision) AS c)
           ::text AS counts
FROM catalogue_edition e JOIN account ON account.id = e.drawn_up_by
"""
_ENTRIES = """
SELECT c.id, p.reference, v.title_zh, v.title_en, p.category, o.public_id AS organization, o.name_zh AS organization_zh,
       o.name_en AS organization_en, c.proposal, c.decision, c.reason, c.units, c.ratings,
       c.rating_sum::float8 / nullif(c.ratings, 0) AS mean
FROM catalogue_entry c JOIN catalogue_edition e ON e.id = c.edition_id JOIN product p ON p.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN organization o ON o.id = p.organization_id
WHERE e.year = $1 AND ($2 = '' OR c.decision = $2) AND ($3 = '' OR p.category = $3)
  AND ($4::bigint IS NULL OR c.id > $4) ORDER BY c.id LIMIT $5
"""


async def editions(*, published: bool) -> list[EditionView]:
    """Return the editions, the newest first; the public sees published ones."""
    rows = await database.fetch(f"{_EDITION} WHERE e.status = 'published' OR NOT $1 ORDER BY e.year DESC", published)
    return [_edition(row) for row in rows]


async def edition(year: int, *, published: bool) -> EditionView:
    """Return one edition."""
    row = await database.fetch_one(
        f"{_EDITION} WHERE e.year = $1 AND (e.status = 'published' OR NOT $2)", year, published
    )
    if row is None:
        raise NotFound
    return _edition(row)


async def entries(
    year: int, fate: str = "", category: str = "", after: int | None = None, limit: int = 101
) -> list[EntryView]:
    """Return an edition's entries of one fate and category, or all, in the order in which products were listed."""
    rows = await database.fetch(_ENTRIES, year, fate, category, after, limit)
    return [
        EntryView(
            **{
                **row,
                "category": Category(row["category"]),
                "proposal": Fate(row["proposal"]),
                "decision": Fate(row["decision"]),
            }
        )
        for row in rows
    ]


def _edition(row: database.Row) -> EditionView:
    counted = database.decoded(row["counts"] or "{}", dict[str, int])
    counts = {fate: counted.get(fate.value, 0) for fate in Fate}
    return EditionView(**{**row, "status": EditionStatus(row["status"]), "counts": counts})
