"""Reading products' months: as the guard judges them, and as a calendar shows them."""

from collections.abc import Iterable
from datetime import date

from app.core import database
from app.core.database import Row
from marketplace.products.capacity.rules import months_from
from procurement.deliveries.months.rules import Month, MonthKey

# Who waits and could be served now. A village without quota keeps its place, and nobody else waits for it.
SERVABLE = """
village_wait w JOIN place ON place.id = w.place_id JOIN contract c ON c.id = w.contract_id
JOIN purchase p ON p.id = c.purchase_id
JOIN village_quota q ON q.place_id = w.place_id AND q.year = extract(year FROM w.month)
WHERE w.status = 'waiting' AND q.used < q.quota AND c.ordered < c.quantity AND c.signed_at IS NOT NULL
  AND p.status IN ('contracted', 'delivering')
"""
_MONTHS = f"""
SELECT d.product_id, d.month, CASE WHEN m.id IS NULL THEN product_capacity_in(d.product_id, d.month) ELSE m.units END
           AS units, coalesce(m.taken, 0) AS taken,
       ARRAY(SELECT x.day FROM product_blackout x WHERE x.product_id = d.product_id
             AND x.day >= d.month AND x.day < d.month + interval '1 month') AS days_off,
       (SELECT count(*) FROM {SERVABLE} AND w.product_id = d.product_id AND w.month = d.month) AS waiting
FROM unnest($1::bigint[], $2::date[]) AS d (product_id, month)
LEFT JOIN product_month m ON m.product_id = d.product_id AND m.month = d.month
"""


async def months(keys: Iterable[MonthKey], *, lock: bool = False) -> dict[MonthKey, Month]:
    """Return months as the guard sees them; with ``lock`` they stay as they are until the transaction ends."""
    turned = database.columns(sorted(set(keys)), 2)
    if lock:
        await database.execute("SELECT open_product_months($1::bigint[], $2::date[])", *turned)
    rows = await database.fetch(_MONTHS, *turned)
    return {(row["product_id"], row["month"]): _month(row) for row in rows}


async def months_ahead(product_id: int, today: date, count: int) -> dict[date, Month]:
    """Return a product's next months, this one first."""
    found = await months([(product_id, month) for month in months_from(today, count)])
    return {month: found[product_id, month] for month in months_from(today, count)}


async def orders_by_day(product_id: int, first: date, last: date) -> dict[date, int]:
    """Return how many live orders of a product lie on each day of a stretch."""
    rows = await database.fetch(
        """SELECT hangzhou_day(o.wished_start) AS day, count(*) AS orders
           FROM village_order o JOIN contract c ON c.id = o.contract_id
           WHERE c.product_id = $1 AND o.live AND hangzhou_day(o.wished_start) BETWEEN $2 AND $3 GROUP BY 1""",
        *(product_id, first, last),
    )
    return {row["day"]: row["orders"] for row in rows}


def _month(row: Row) -> Month:
    return Month(row["units"], row["taken"], frozenset(row["days_off"]), row["waiting"])
