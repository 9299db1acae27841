"""The inbox for finance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from procurement.donations.funds.queries import EVERYWHERE, patterns


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


# An event belongs to the place of its gift's fund; one of no gift of ours is for who looks after every fund.
SEEN = f"""
FROM gateway_event e
LEFT JOIN LATERAL (
    SELECT gift.reference, place.code FROM gift JOIN donation_fund f ON f.id = gift.fund_id
    JOIN place ON place.id = f.place_id
    WHERE gift.id = coalesce((SELECT id FROM gift WHERE payment_id = e.subject_id),
                             (SELECT id FROM gift WHERE checkout_id = e.subject_id),
                             (SELECT min(g.id) FROM gift g JOIN gift_plan p ON p.id = g.plan_id
                              WHERE p.gateway_id = e.subject_id))) AS about ON true
WHERE CASE WHEN about.code IS NULL THEN {EVERYWHERE.format("$1")} ELSE about.code LIKE ANY ($1) END
"""
_EVENTS = f"""
SELECT e.id, e.event_id, e.kind, e.subject_id, e.status, e.attempts, e.error, e.received_at, about.reference AS gift
{SEEN} AND ($2::bigint IS NULL OR e.id < $2) AND ($3 = '' OR e.status = $3) ORDER BY e.id DESC LIMIT $4
"""


async def events(principal: Principal, before: int | None, status: str, limit: int) -> Sequence[EventView]:
    """Return the events of an officer's places, the latest first."""
    return [EventView(**row) for row in await database.fetch(_EVENTS, patterns(principal), before, status, limit)]


async def event_of(places: Sequence[str], event_id: str) -> int:
    """Return the row of an event of somebody's places."""
    found: int | None = await database.fetch_value(f"SELECT e.id {SEEN} AND e.event_id = $2", list(places), event_id)
    if found is None:
        raise NotFound
    return found


async def failed(places: Sequence[str]) -> int:
    """Return how many events of somebody's places could not be handled."""
    return int(await database.fetch_value(f"SELECT count(*) {SEEN} AND e.status = 'failed'", list(places)))
