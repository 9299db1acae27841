"""Scheduled work of standing sign-ups."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.standing.service import end_terms


async def end_standing_terms(now: datetime) -> dict[str, Any]:
    """End what has run its term."""
    return {"ended": await end_terms(system_principal(Permission.ASSIGNMENT_PUBLISH), now)}
