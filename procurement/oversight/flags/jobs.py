"""The night's look at buying and paying."""

from datetime import datetime

from procurement.oversight.flags.service import look


async def look_for_flags(now: datetime) -> dict[str, int]:
    """Compute what asks to be looked at again."""
    return await look(now)
