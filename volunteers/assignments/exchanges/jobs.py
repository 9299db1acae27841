"""Scheduled work of exchanges."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.exchanges.service import expire_overdue


async def end_unanswered_exchanges(now: datetime) -> dict[str, Any]:
    """End the offers that nobody answered in time."""
    return {"ended": await expire_overdue(system_principal(Permission.ASSIGNMENT_PUBLISH), now)}
