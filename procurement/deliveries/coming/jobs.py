"""Villages hear who comes."""

from datetime import datetime
from typing import Any

from procurement.deliveries.coming.service import tell_villages


async def tell_who_comes(now: datetime) -> dict[str, Any]:
    """Tell villages for whose orders somebody was found."""
    return {"told": await tell_villages(now)}
