"""Scheduled work on products."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from marketplace.products.review.service import suspend_unqualified


async def suspend_listings_without_licence(now: datetime) -> dict[str, Any]:
    """Suspend what may no longer be offered; the day before's expiry shows on the next morning."""
    suspended = await suspend_unqualified(system_principal(Permission.PRODUCT_REVIEW))
    return {"suspended": len(suspended), "at": now.isoformat()}
