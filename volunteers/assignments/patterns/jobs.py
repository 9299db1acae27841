"""Every night the shifts of the weeks to come are made."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.patterns.service import generate_all


async def generate_shifts(now: datetime) -> dict[str, Any]:
    """Make what the patterns in use still lack."""
    del now
    return {"made": await generate_all(system_principal(Permission.ASSIGNMENT_PUBLISH))}
