"""Deliveries move by themselves: taken orders are scheduled, outcomes noted, finished contracts concluded."""

from datetime import datetime
from typing import Any

from app.core.access import system_principal
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.deliveries.scheduling.service import note_deliveries, schedule_orders


async def follow_orders(now: datetime) -> dict[str, Any]:
    """Schedule what was taken and note what was delivered or missed."""
    return {"scheduled": await schedule_orders(), **await note_deliveries(now)}


async def conclude_contracts(now: datetime) -> dict[str, Any]:
    """End contracts whose term is over, and note purchases that are paid."""
    return {**await conclude_purchases(system_principal(), now)}
