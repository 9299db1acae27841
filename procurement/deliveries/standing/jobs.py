"""Scheduled work on what the catalogue shows of buying."""

from datetime import datetime
from typing import Any

from procurement.deliveries.standing.service import tell_the_catalogue


async def follow_standings(now: datetime) -> dict[str, Any]:
    """Bring the catalogue up to date."""
    return {"changed": await tell_the_catalogue(), "at": now.isoformat()}
