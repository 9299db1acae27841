"""Scheduled work of accounts."""

from datetime import datetime, timedelta
from typing import Any

from app.core import database

KEEP = timedelta(days=1)


async def forget_spent_sign_ins(now: datetime) -> dict[str, Any]:
    """Delete sessions, codes and counters that have done their work."""
    return {
        "sessions": await database.execute("DELETE FROM web_session WHERE expires_at < $1", now - KEEP),
        "codes": await database.execute("DELETE FROM sign_in_code WHERE expires_at < $1", now - KEEP),
        "windows": await database.execute("DELETE FROM attempt_window WHERE window_start < $1", now - KEEP),
    }
