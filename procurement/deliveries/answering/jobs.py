"""The clock of answering."""

from datetime import datetime
from typing import Any

from procurement.deliveries.answering.service import decline_unanswered, remind_providers


async def follow_answers(now: datetime) -> dict[str, Any]:
    """Send back what nobody answered in time, and remind of what is due within a day."""
    return {"declined": await decline_unanswered(now), "reminded": await remind_providers(now)}
