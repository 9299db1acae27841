"""Scheduled work of companions."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.companions.service import expire_overdue


async def end_overdue_companions(now: datetime) -> dict[str, Any]:
    """End the groups whose people did not all agree in time."""
    return {"ended": await expire_overdue(system_principal(Permission.ASSIGNMENT_PUBLISH), now)}
