"""Queues move by themselves."""

from datetime import datetime
from typing import Any

from procurement.deliveries.waiting.service import serve_queues


async def serve_waiting_villages(now: datetime) -> dict[str, Any]:
    """Place villages that wait where there is room, and end what can no longer come."""
    return {**await serve_queues(now)}
