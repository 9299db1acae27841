"""Scheduled work on saved searches."""

from datetime import datetime
from typing import Any

from marketplace.products.saved.service import tell_what_is_new


async def tell_of_new_listings(now: datetime) -> dict[str, Any]:
    """Tell people of what is newly listed and fits what they look for."""
    return {"told": await tell_what_is_new(now)}
