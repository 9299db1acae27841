"""Terminated contracts: the rest of the money is freed when the last order is judged."""

from datetime import datetime
from typing import Any

from app.core.access import system_principal
from procurement.contracts.terminations.service import settle_terminations


async def settle_ended_contracts(now: datetime) -> dict[str, Any]:
    """Free what no accepted unit will need any more."""
    return {**await settle_terminations(system_principal(), now)}
