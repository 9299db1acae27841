"""The inbox for finance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import database


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as it came and what became of it; ``gift`` is the reference of the gift it was about, if known."""

    id: int
    event_id: str
    kind: str
    subject_id: str
    status: str
    attempts: int
    error: str
    received_at: datetime
    gift: str | None


_EVENTS = """
SELECT e.id, e.event_id, e.kind, e.subject_id, e.status, e.attempts, e.error, e.received_at,
       (SELECT reference FROM gift WHERE gift.payment_id = e.subject_id OR gift.checkout_id = e.subject_id
        ORDER BY gift.id LIMIT 1) AS gift
FROM gateway_event e
WHERE ($1::bigint IS NULL OR e.id < $1) AND ($2 = '' OR e.status = $2) ORDER BY e.id DESC LIMIT $3
"""


async def events(before: int | None, status: str, limit: int) -> Sequence[EventView]:
    """Return events, the latest first."""
    return [EventView(**row) for row in await database.fetch(_EVENTS, before, status, limit)]
