"""Sending what is queued: claim, send, finish, each committed by itself, so that any step may be the last.

A claim is the row's own ``sending`` status with a lease; the number of the attempt fences it: whoever was
taken for dead can no longer write a result.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.core import database, logging, vault
from app.core.database import Row
from app.core.state import advance
from app.core.vault import SubjectKey
from app.notifications import content
from app.notifications.gateways import DeliveryRefused, Outgoing, gateway_for, open_channels
from app.notifications.rules import LEASE, TRANSITIONS, Channel, Event, Status, after_failure, retry_delay
from app.web import i18n

BATCH = 20
SEND_SECONDS = 10  # 20 messages of 10 seconds each end well within the lease

log = logging.get(__name__)


@dataclass(slots=True)
class Tally:
    """What a run of the delivery did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0

    def count(self, event: Event) -> None:
        """Count the outcome of one message."""
        name = {Event.DELIVER: "sent", Event.POSTPONE: "postponed", Event.GIVE_UP: "failed"}[event]
        setattr(self, name, getattr(self, name) + 1)


async def deliver_due(now: datetime) -> Tally:
    """Send everything that is due, in batches, until nothing is left; run it in any number of workers."""
    tally = Tally()
    await _rescue_stuck(now, tally)
    while claimed := await _claim(now):
        keys = await vault.subject_keys({row["key_id"] for row in claimed if row["key_id"]})
        for row in claimed:
            event = await _attempt(row, keys.get(row["key_id"]), now)
            tally.count(event)
    return tally


async def _claim(now: datetime) -> list[Row]:
    return await database.fetch(_CLAIM, now, [channel.value for channel in open_channels()], BATCH, now + LEASE)


async def _attempt(row: Row, key: SubjectKey | None, now: datetime) -> Event:
    message = _outgoing(row, key)
    if message is None:
        return await _finish(row, Event.GIVE_UP, now, "no_recipient")
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await gateway_for(message.channel).send(message)
    except DeliveryRefused as refusal:
        event = _after_failure(row, surely_not_sent=True, permanent=refusal.permanent)
        return await _finish(row, event, now, refusal.reason)
    except Exception as failure:
        # Only the kind of failure is kept: a gateway's own text may repeat the number it was given.
        log.warning("delivery_failed", notification=row["id"], failure=type(failure).__name__)
        return await _finish(row, _after_failure(row, surely_not_sent=False), now, type(failure).__name__)
    return await _finish(row, Event.DELIVER, now)


def _after_failure(row: Row, *, surely_not_sent: bool, permanent: bool = False) -> Event:
    return after_failure(
        row["attempts"],
        surely_not_sent=surely_not_sent,
        deduplicates=gateway_for(Channel(row["channel"])).deduplicates,
        permanent=permanent,
    )


def _outgoing(row: Row, key: SubjectKey | None) -> Outgoing | None:
    channel = Channel(row["channel"])
    sealed = row["recipient_sealed"] or (row["phone_sealed"] if channel is Channel.SMS else None)
    recipient = (key.open(sealed) if key else None) if sealed else row["email"]
    if not recipient:
        return None
    secret = msgspec.json.decode(key.open(row["secret_sealed"])) if key and row["secret_sealed"] else {}
    with i18n.speaking(row["locale"] or "zh"):
        body = i18n.translate(content.message(row["msgid"], row["detail"], **secret))
    return Outgoing(row["id"], row["public_id"], channel, recipient, body)


async def _finish(row: Row, event: Event, now: datetime, error: str = "") -> Event:
    status = advance(TRANSITIONS, Status.SENDING, event)
    retry_at = now + retry_delay(row["attempts"])
    written = await database.fetch_value(_FINISH, row["id"], row["attempts"], status.value, now, retry_at, error)
    if not written:
        log.warning("delivery_overtaken", notification=row["id"], attempt=row["attempts"])
    return event


async def _rescue_stuck(now: datetime, tally: Tally) -> None:
    """Decide about messages whose worker died between claim and result."""
    stuck: Sequence[Row] = await database.fetch(_STUCK, now, [channel.value for channel in open_channels()])
    for row in stuck:
        event = _after_failure(row, surely_not_sent=False)
        tally.count(await _finish(row, event, now, "worker_lost"))


_CLAIM = """
WITH due AS (
    SELECT notification.id, account.phone_sealed, account.email, account.locale,
           coalesce(notification.subject_key_id, account.subject_key_id) AS key_id
      FROM notification LEFT JOIN account ON account.id = notification.account_id
     WHERE notification.status = 'queued' AND notification.next_attempt_at <= $1
       AND notification.channel = ANY($2)
     ORDER BY notification.next_attempt_at, notification.id
     LIMIT $3 FOR UPDATE OF notification SKIP LOCKED)
UPDATE notification SET status = 'sending', attempts = attempts + 1, next_attempt_at = $4
  FROM due WHERE notification.id = due.id
RETURNING notification.id, public_id, channel, msgid, detail, recipient_sealed, secret_sealed, attempts,
          due.phone_sealed, due.email, due.locale, due.key_id"""

_STUCK = """
SELECT id, channel, attempts FROM notification
 WHERE status = 'sending' AND next_attempt_at <= $1 AND channel = ANY($2) ORDER BY id LIMIT 1000"""

# The key of a message to a bare address lives only until the message is sent or given up.
_FINISH = """
WITH done AS (
    UPDATE notification
       SET status = $3, error = $6,
           sent_at = CASE $3 WHEN 'sent' THEN $4::timestamptz END,
           next_attempt_at = CASE $3 WHEN 'queued' THEN $5::timestamptz ELSE next_attempt_at END,
           secret_sealed = CASE $3 WHEN 'queued' THEN secret_sealed END
     WHERE id = $1 AND attempts = $2 AND status = 'sending'
    RETURNING account_id, subject_key_id, status),
forgotten AS (
    UPDATE subject_key SET sealed_key = NULL, destroyed_at = $4
     WHERE sealed_key IS NOT NULL
       AND id IN (SELECT subject_key_id FROM done WHERE account_id IS NULL AND status <> 'queued'))
SELECT count(*) FROM done"""
