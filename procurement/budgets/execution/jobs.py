"""The year does not end as a surprise."""

from datetime import datetime
from typing import Any

from procurement.budgets.execution.warnings import warn_of_slow_lines


async def warn_of_slow_budgets(now: datetime) -> dict[str, Any]:
    """Tell the officers of lines that are spent too slowly."""
    return {"warned": await warn_of_slow_lines(now)}
