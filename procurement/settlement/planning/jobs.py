"""On the first of a month each district's run over what was approved is planned."""

from datetime import datetime
from typing import Any

from procurement.settlement.planning import service


async def plan_settlement(now: datetime) -> dict[str, Any]:
    """Plan the runs over the month that has ended."""
    return {"planned": await service.plan_runs(now)}
