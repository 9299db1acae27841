"""Scheduled work of pairings."""

from datetime import datetime
from typing import Any

from app.core import clock
from app.core.access import Permission, system_principal
from volunteers.pairings.service import expire


async def end_pairings(now: datetime) -> dict[str, Any]:
    """End what is past its last day."""
    return {"ended": await expire(system_principal(Permission.DISPATCH_PLAN), clock.local(now).date(), now)}
