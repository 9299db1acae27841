"""A village is told when somebody is found for its order."""

from datetime import datetime, timedelta

from app.core import clock, database
from app.core.database import transaction
from app.core.text import N_
from app.notifications.service import Notice, notify_many

FOUND_WITHIN = timedelta(hours=1)


async def tell_villages(now: datetime) -> int:
    """Tell who placed an order, once, that people were found for it; return how many orders."""
    async with transaction():
        rows = await database.fetch(_FOUND, now, now - FOUND_WITHIN)
        text = N_("“%(title)s”有人来：%(starts)s，%(count)s 人。点开看是谁。")
        return await notify_many(
            [
                Notice(
                    row["placed_by"],
                    text,
                    {
                        "title": row["title_zh"],
                        "starts": clock.local(row["wished_start"]).strftime("%Y-%m-%d %H:%M"),
                        "count": row["people"],
                    },
                    link=f"/orders/{row['reference']}",
                    once_key=f"coming:{row['id']}",
                )
                for row in rows
            ]
        )


_FOUND = """
SELECT o.id, o.reference, o.placed_by, o.wished_start, v.title_zh, count(*) AS people
FROM village_order o JOIN sign_up s ON s.assignment_id = o.assignment_id AND s.status IN ('confirmed', 'checked_in')
JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE o.status = 'scheduled' AND o.wished_start > $1
GROUP BY o.id, v.id HAVING max(s.created_at) > $2 ORDER BY o.id
"""
