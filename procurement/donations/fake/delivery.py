"""Sending the demonstration's events to our own door, signed like real ones."""

from app.core import clock
from procurement.donations.events.service import receive
from procurement.donations.fake import events
from procurement.donations.fake.gateway import SECRET
from procurement.donations.signatures import signed


async def deliver_waiting() -> int:
    """Send what was not sent yet; return how many events."""
    waiting = await events.unsent()
    for event in waiting:
        body = events.body_of(event)
        await receive(body, signed(body, SECRET, int(clock.now().timestamp())))
        await events.mark_sent(event)
    return len(waiting)
