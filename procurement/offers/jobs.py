"""Scheduled work of quotations."""

from datetime import datetime

from procurement.offers.openings.telling import tell_keepers
from procurement.offers.results.telling import tell_suppliers


async def follow_quotations(now: datetime) -> None:
    """Ask keepers to open what is due, and tell suppliers how a purchase ended."""
    await tell_keepers(now)
    await tell_suppliers(now)
