"""Writing what a listing is found by, and what the buying side says of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core import database
from app.core.database import transaction
from marketplace.organizations.provision import CATEGORY_NAMES, Category
from marketplace.products import search
from marketplace.products.content import GROUP_NAMES, TargetGroup
from marketplace.products.words.vocabulary import vocabulary

CHUNK = 1_000
HEADS = "ABC"

_SOURCES = """
SELECT p.id, p.reference, p.category, v.title_zh, v.title_en, v.summary_zh, v.summary_en, v.content_zh,
       v.standard_zh, v.staffing_zh, v.target_group, o.name_zh AS organization_zh, o.name_en AS organization_en,
       area.codes, area.names
FROM product p
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
JOIN organization o ON o.id = p.organization_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(place.code), '{}') AS codes,
           coalesce(string_agg(place.name_zh || ' ' || place.name_en, ' '), '') AS names
    FROM product_area a JOIN place ON place.id = a.place_id
    WHERE a.product_id = v.product_id AND a.product_version = v.number) area
WHERE p.id = ANY ($1)
"""

# Ids first, in order: whoever decides on products locks them in the same one.
_WRITE = """
UPDATE listing l SET heads = d.heads::tsvector, search = d.search::tsvector, words_version = $4
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (product_id, heads, search) WHERE l.product_id = d.product_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the buying side knows of a product: whether a public body pays, and how acceptances rated it."""

    product_id: int
    bought: bool
    rating_count: int = 0
    rating_sum: int = 0


async def index_listings(product_ids: Sequence[int]) -> None:
    """Write the words of listed products; a step of a use case's transaction."""
    rows = await database.fetch(_SOURCES, list(product_ids))
    written = [(row["id"], *documents(row)) for row in rows]
    await database.execute(_WRITE, *database.columns(written, 3), vocabulary().version)


async def index_what_is_old() -> int:
    """Index listings whose words were made with another vocabulary, some at a time; return how many."""
    indexed = 0
    while True:
        async with transaction():
            rows = await database.fetch(
                """SELECT p.id FROM product p JOIN listing l ON l.product_id = p.id
                   WHERE l.words_version <> $1 ORDER BY p.id LIMIT $2 FOR NO KEY UPDATE OF p""",
                vocabulary().version,
                CHUNK,
            )
            await index_listings([row["id"] for row in rows])
        indexed += len(rows)
        if len(rows) < CHUNK:
            return indexed


async def record_standings(standings: Iterable[Standing]) -> int:
    """Take what the buying side knows of all products; what it names no longer is neither bought nor rated."""
    rows = [(s.product_id, s.bought, s.rating_count, s.rating_sum) for s in standings]
    async with transaction():
        return await database.execute(
            """WITH known AS (
                   SELECT l.product_id, coalesce(d.bought, false) AS bought,
                          coalesce(d.rating_count, 0) AS rating_count, coalesce(d.rating_sum, 0) AS rating_sum
                   FROM listing l LEFT JOIN unnest($1::bigint[], $2::boolean[], $3::integer[], $4::integer[])
                       AS d (product_id, bought, rating_count, rating_sum) ON d.product_id = l.product_id
                   WHERE (l.bought, l.rating_count, l.rating_sum) IS DISTINCT FROM
                         (coalesce(d.bought, false), coalesce(d.rating_count, 0), coalesce(d.rating_sum, 0))
                   ORDER BY l.product_id FOR NO KEY UPDATE OF l)
               UPDATE listing l
               SET bought = known.bought, rating_count = known.rating_count, rating_sum = known.rating_sum
               FROM known WHERE known.product_id = l.product_id""",
            *database.columns(rows, 4),
        )


def documents(row: database.Row) -> tuple[str, str]:
    """Return the two tsvectors of a listing: what answers are ranked by, and everything it is found by."""
    group = [GROUP_NAMES[TargetGroup(row["target_group"])]] if row["target_group"] else []
    parts = {
        "A": [row["title_zh"], row["title_en"]],
        "B": [row["organization_zh"], row["organization_en"], CATEGORY_NAMES[Category(row["category"])], *group],
        "C": [row["summary_zh"], row["summary_en"], row["names"], row["reference"]],
        "D": [row["content_zh"], row["standard_zh"], row["staffing_zh"]],
    }
    spoken = [row["title_zh"]]
    heads = search.document({weight: parts[weight] for weight in HEADS}, spoken)
    return heads, search.document(parts, spoken, search.place_keys(row["codes"]))
