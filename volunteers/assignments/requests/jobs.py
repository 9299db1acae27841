"""Scheduled work of requests."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from app.core.database import transaction
from volunteers.assignments.requests.service import end_unanswered
from volunteers.assignments.requests.telling import remind_stations


async def follow_requests(now: datetime) -> dict[str, Any]:
    """End what nobody answered before the shift began, and remind stations a day before."""
    ended = await end_unanswered(system_principal(Permission.ASSIGNMENT_PUBLISH), now)
    async with transaction():
        return {"ended": ended, "reminded": await remind_stations(now)}
