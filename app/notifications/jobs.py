"""Scheduled work of notifications."""

from datetime import datetime, timedelta
from typing import Any

from app.core import clock, database
from app.notifications.delivery import deliver_due

KEEP_ADDRESSED = timedelta(days=7)


async def deliver_notifications(now: datetime) -> dict[str, Any]:
    """Send what is due. A slot may be old when it runs, and leases are about the real time: not ``now``."""
    del now
    tally = await deliver_due(clock.now())
    return {"sent": tally.sent, "postponed": tally.postponed, "failed": tally.failed}


async def forget_addressed_messages(now: datetime) -> dict[str, Any]:
    """Delete messages to bare addresses (sign-in codes) after a week, with their destroyed keys."""
    async with database.transaction():
        keys = await database.fetch(
            """WITH old AS (SELECT id FROM notification
                             WHERE account_id IS NULL AND status IN ('sent', 'failed') AND created_at < $1),
                    shown AS (DELETE FROM demo_delivery WHERE notification_id IN (SELECT id FROM old))
               SELECT id FROM old""",
            now - KEEP_ADDRESSED,
        )
        gone = await database.fetch(
            "DELETE FROM notification WHERE id = ANY($1) RETURNING subject_key_id", [row["id"] for row in keys]
        )
        await database.execute(
            "DELETE FROM subject_key WHERE id = ANY($1) AND sealed_key IS NULL",
            [row["subject_key_id"] for row in gone],
        )
    return {"deleted": len(gone)}
