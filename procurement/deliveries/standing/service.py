"""Gathering what buying knows of products, and handing it down to the catalogue."""

from app.core import clock, database
from marketplace.products.listings.service import Standing, record_standings

# A resident does not pay for what a public body buys: what is admitted to a framework in force, or under contract.
_STANDINGS = """
SELECT known.product_id, bool_or(known.bought) AS bought, sum(known.rated)::integer AS rating_count,
       sum(known.points)::integer AS rating_sum
FROM (SELECT a.product_id, true AS bought, 0 AS rated, 0 AS points
      FROM admission a JOIN framework f ON f.id = a.framework_id
      WHERE a.status = 'admitted' AND f.status = 'in_force'
      UNION ALL
      SELECT c.product_id, true, 0, 0 FROM contract c
      WHERE c.signed_at IS NOT NULL AND $1 BETWEEN c.starts_on AND c.ends_on
      UNION ALL
      SELECT c.product_id, false, count(*), sum(t.rating)
      FROM acceptance t JOIN village_order o ON o.id = t.village_order_id JOIN contract c ON c.id = o.contract_id
      GROUP BY c.product_id) known
GROUP BY known.product_id
"""


async def tell_the_catalogue() -> int:
    """Bring the catalogue's ratings and its "free for residents" up to date; return how many products changed."""
    rows = await database.fetch(_STANDINGS, clock.today())
    return await record_standings([Standing(**row) for row in rows])
