"""The demonstration's events: written with what they are about, signed when they are sent."""

from typing import Any

import msgspec

from procurement.donations.fake import objects
from procurement.donations.fake.objects import Body


async def emit(kind: str, about: dict[str, Any]) -> Body:
    """Write an event, not sent yet."""
    return await objects.made("event", object="event", type=kind, about=about, sent=False)


def body_of(event: Body) -> bytes:
    """Return the event as it goes over the wire, the same bytes each time."""
    told = {
        "id": event["id"], "object": "event", "type": event["type"], "created": int(event["created"]),
        "livemode": False, "data": {"object": event["about"]},
    }  # fmt: skip
    return msgspec.json.encode(told)


async def unsent() -> list[Body]:
    """Return the events that were not sent yet."""
    return await objects.listed("event", sent=False)


async def mark_sent(event: Body) -> None:
    """Note that an event was sent."""
    await objects.changed(event, sent=True)
