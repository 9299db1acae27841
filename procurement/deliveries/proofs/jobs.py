"""Reminders of what is still to come after a delivery."""

from datetime import datetime
from typing import Any

from procurement.deliveries.proofs.reminders import remind


async def remind_after_deliveries(now: datetime) -> dict[str, Any]:
    """Tell providers about missing proofs and acceptors about late acceptances, each once."""
    return {**await remind(now)}
