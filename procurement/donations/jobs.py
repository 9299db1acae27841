"""Events that wait, refunds that were not answered, the nightly look, and the demonstration's own post."""

from datetime import datetime

from procurement.donations import choosing
from procurement.donations.events.service import handle_waiting
from procurement.donations.fake.delivery import deliver_waiting
from procurement.donations.reconciliation.service import reconcile
from procurement.donations.refunds.service import send_waiting


async def follow_gifts(_now: datetime) -> dict[str, int]:
    """Handle events that failed, and send refunds again that were not answered."""
    if choosing.closed():
        return {}
    if choosing.gateway().demo:
        await deliver_waiting()
    return {**await handle_waiting(), **await send_waiting()}


async def reconcile_gifts(now: datetime) -> dict[str, int]:
    """Look at the payment service's books."""
    if choosing.closed():
        return {}
    found = await reconcile(now)
    return {"entries": found.entries, "missed": found.missed, "unclear": found.unclear}
