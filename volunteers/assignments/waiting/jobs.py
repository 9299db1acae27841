"""Scheduled work of waiting lists."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.waiting.service import end_overdue_offers


async def pass_on_overdue_offers(now: datetime) -> dict[str, Any]:
    """Take back what nobody answered in time, and offer it to the next in line."""
    return {"ended": await end_overdue_offers(system_principal(Permission.ASSIGNMENT_PUBLISH), now)}
