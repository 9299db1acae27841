"""No January passes with last year's budget still open and nobody told."""

from datetime import datetime
from typing import Any

from procurement.budgets.year_ends.waiting import remind_of_open_years


async def remind_of_year_ends(now: datetime) -> dict[str, Any]:
    """Tell the officers of places whose last year is not closed."""
    return {"told": await remind_of_open_years(now)}
