"""Proposals that nobody answered end by themselves."""

from datetime import datetime
from typing import Any

from procurement.deliveries.changes.service import lapse_proposals


async def lapse_changes(now: datetime) -> dict[str, Any]:
    """End proposals whose time has come."""
    return {"lapsed": await lapse_proposals(now)}
