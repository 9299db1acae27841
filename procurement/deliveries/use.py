"""The use of products, for the catalogue's editions and flagship projects: what was accepted, and how it was rated."""

from collections.abc import Mapping, Sequence

from app.core import database
from marketplace.products.editions.usage import Use

_OF_YEAR = """
SELECT c.product_id, count(*) FILTER (WHERE t.verdict = 'accepted') AS units, count(*) AS ratings,
       sum(t.rating) AS rating_sum
FROM acceptance t JOIN village_order o ON o.id = t.village_order_id JOIN contract c ON c.id = o.contract_id
WHERE t.accepted_at >= make_date($1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND t.accepted_at < make_date($1 + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' GROUP BY c.product_id
"""
_DELIVERED = """
SELECT count(*) FROM acceptance t JOIN village_order o ON o.id = t.village_order_id
JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
WHERE c.product_id = ANY($1) AND starts_with(place.code, $2) AND t.verdict = 'accepted'
  AND t.accepted_at >= make_date($3, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND t.accepted_at < make_date($3 + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
"""


class AcceptedUse:
    """What acceptances say of products."""

    async def of_year(self, year: int) -> Mapping[int, Use]:
        """Return the use of each product of which something was judged in a year."""
        rows = await database.fetch(_OF_YEAR, year)
        return {row["product_id"]: Use(row["units"], row["ratings"], row["rating_sum"]) for row in rows}

    async def delivered(self, product_ids: Sequence[int], place_code: str, year: int) -> int:
        """Return the accepted units of these products in a year at a place and below it."""
        count: int = await database.fetch_value(_DELIVERED, list(product_ids), place_code, year)
        return count
