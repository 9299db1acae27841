"""Scheduled work on listings."""

from datetime import datetime
from typing import Any

from marketplace.products.listings.service import index_what_is_old


async def index_listings_again(now: datetime) -> dict[str, Any]:
    """Index what a new vocabulary, a provider's new name or an upgrade has left to be indexed."""
    return {"indexed": await index_what_is_old(), "at": now.isoformat()}
