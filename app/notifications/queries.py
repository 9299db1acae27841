"""What a person has been told, and what waits to be sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.errors import NotFound
from app.core.settings import settings
from app.core.text import Message
from app.notifications import content
from app.notifications.gateways import closed_channels

LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One message in a person's inbox."""

    id: int
    public_id: UUID
    text: Message
    link: str
    created_at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as the demonstration gateway got it."""

    channel: str
    recipient: str
    body: str
    delivered_at: datetime


async def inbox(account_id: int, *, before: int | None = None, limit: int = 30) -> list[InboxItem]:
    """Return a person's messages, the newest first, older than ``before``."""
    rows = await database.fetch(
        """SELECT id, public_id, msgid, detail, link, created_at, status FROM notification
            WHERE account_id = $1 AND channel = 'in_app' AND msgid <> '' AND ($2::bigint IS NULL OR id < $2)
            ORDER BY id DESC LIMIT $3""",
        *(account_id, before, limit),
    )
    return [
        InboxItem(
            row["id"],
            row["public_id"],
            content.message(row["msgid"], row["detail"]),
            row["link"],
            row["created_at"],
            row["status"] == "read",
        )
        for row in rows
    ]


async def unread_count(account_id: int) -> int:
    """Count the messages that the person has not read."""
    count: int = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND channel = 'in_app' AND status = 'sent'",
        account_id,
    )
    return count


async def demo_outbox(limit: int = 100) -> list[Delivered]:
    """Return what the demonstration gateway would have sent; outside demo and test there is no such page."""
    if settings().mode == "production":
        raise NotFound
    rows = await database.fetch(
        """SELECT channel, recipient, body, delivered_at FROM demo_delivery ORDER BY id DESC LIMIT $1""", limit
    )
    return [Delivered(**row) for row in rows]


async def delivery_problems() -> list[str]:
    """Say, for `fahui doctor`, which channels cannot send, what waits for them, and what is late."""
    rows = await database.fetch(
        """SELECT channel, count(*) AS waiting, min(next_attempt_at) AS since FROM notification
            WHERE status IN ('queued', 'sending') GROUP BY channel""",
    )
    waiting = {row["channel"]: row for row in rows}
    found = [
        f"no {channel.value} gateway is configured; {waiting[channel]['waiting'] if channel in waiting else 0}"
        " messages wait in the queue"
        for channel in closed_channels()
    ]
    for channel, row in waiting.items():
        if channel not in closed_channels() and row["since"] < clock.now() - LATE:
            found.append(f"{row['waiting']} {channel} messages wait, the oldest due since {row['since']:%F %T} UTC")
    return found
