"""Scheduled work of reminders."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.reminders.service import remind


async def remind_people(now: datetime) -> dict[str, Any]:
    """Remind everybody whose moment has come."""
    return {"reminded": await remind(system_principal(Permission.ASSIGNMENT_PUBLISH), now)}
