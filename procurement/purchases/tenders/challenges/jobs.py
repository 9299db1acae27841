"""Reminders of what a challenge still needs, before and after its last day, and of suspensions that ended."""

from datetime import datetime
from typing import Any

from procurement.purchases.tenders.challenges.reminders import remind


async def remind_of_challenges(now: datetime) -> dict[str, Any]:
    """Tell each once."""
    return {**await remind(now)}
