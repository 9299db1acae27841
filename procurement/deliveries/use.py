"""The use of products, for the catalogue's editions and flagship projects: what was accepted, and how it was rated."""

from collections.abc import Mapping, Sequence

from app.core import database
from marketplace.products.editions.usage import Use, Wanted

_OF_YEAR = """
SELECT c.product_id, count(*) FILTER (WHERE t.verdict = 'accepted') AS units, count(*) AS ratings,
       sum(t.rating) AS rating_sum
FROM acceptance t JOIN village_order o ON o.id = t.village_order_id JOIN contract c ON c.id = o.contract_id
WHERE t.accepted_at >= make_date($1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND t.accepted_at < make_date($1 + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' GROUP BY c.product_id
"""
_DELIVERED = """
SELECT d.number, count(*) AS units
FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[]) AS d (number, product_id, place_code, year)
JOIN contract c ON c.product_id = d.product_id JOIN village_order o ON o.contract_id = c.id
JOIN place ON place.id = o.place_id AND starts_with(place.code, d.place_code)
JOIN acceptance t ON t.village_order_id = o.id AND t.verdict = 'accepted'
 AND t.accepted_at >= make_date(d.year, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
 AND t.accepted_at < make_date(d.year + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' GROUP BY d.number
"""


class AcceptedUse:
    """What acceptances say of products."""

    async def of_year(self, year: int) -> Mapping[int, Use]:
        """Return the use of each product of which something was judged in a year."""
        rows = await database.fetch(_OF_YEAR, year)
        return {row["product_id"]: Use(row["units"], row["ratings"], row["rating_sum"]) for row in rows}

    async def delivered(self, wanted: Sequence[Wanted]) -> list[int]:
        """Return how many accepted units each of these comes to."""
        asked = [(n, product, one.place_code, one.year) for n, one in enumerate(wanted) for product in one.product_ids]
        rows = await database.fetch(_DELIVERED, *database.columns(asked, 4))
        found = {row["number"]: row["units"] for row in rows}
        return [found.get(n, 0) for n in range(len(wanted))]
