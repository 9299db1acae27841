"""Writing messages, always in the transaction of the business that gives rise to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from app.core import clock, database, jobs, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.notifications import content
from app.notifications.rules import Channel

DELIVERY_JOB = "deliver_notifications"


@dataclass(frozen=True, slots=True)
class Notice:
    """One text to one account over some channels; ``once_key`` makes a second such notice disappear."""

    account_id: int
    msgid: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    channels: tuple[Channel, ...] = (Channel.IN_APP,)
    link: str = ""
    once_key: str | None = None


async def notify(
    account_id: int,
    msgid: str,
    detail: Mapping[str, Any] | None = None,
    *,
    channels: tuple[Channel, ...] = (Channel.IN_APP,),
    link: str = "",
    once_key: str | None = None,
) -> int:
    """Write a message to an account in the current transaction; return how many rows were new."""
    return await notify_many([Notice(account_id, msgid, detail or {}, channels, link, once_key)])


async def notify_many(notices: Sequence[Notice]) -> int:
    """Write many messages in one statement; return how many rows were new.

    A channel for which the account has no number or address is left out, and so are closed accounts. The
    recipient is looked up at delivery, so that a changed number is the one that is used.
    """
    _require_transaction()
    rows = [(notice, channel) for notice in notices for channel in notice.channels]
    return await database.execute(
        _INSERT_MANY,
        [notice.account_id for notice, _ in rows],
        [channel.value for _, channel in rows],
        [notice.msgid for notice, _ in rows],
        [content.encoded(notice.detail) for notice, _ in rows],
        [notice.link for notice, _ in rows],
        [notice.once_key and f"{notice.once_key}:{channel.value}" for notice, channel in rows],
        clock.now(),
    )


async def notify_address(channel: Channel, address: str, msgid: str, secret: Mapping[str, str]) -> int:
    """Write a message to a bare number or address, such as a sign-in code; return its id.

    Address and secret values are sealed with a key of this message's own, which is destroyed once the message
    is sent or given up: nothing readable stays behind, whether or not an account exists.
    """
    _require_transaction()
    key = await vault.new_subject_key()
    now = clock.now()
    notification_id = await database.insert_row(
        "notification",
        {
            "channel": channel.value,
            "recipient_sealed": key.seal(address),
            "subject_key_id": key.id,
            "msgid": msgid,
            "secret_sealed": key.seal(msgspec.json.encode(dict(secret)).decode()),
            "next_attempt_at": now,
            "created_at": now,
        },
    )
    await jobs.enqueue(DELIVERY_JOB, now=now)
    return notification_id


async def notify_secretly(notice: Notice, secret: Mapping[str, str]) -> int:
    """Write a message to an account with values that only the recipient may see; return how many rows were new."""
    return await notify_many_secretly([(notice, secret)])


async def notify_many_secretly(messages: Sequence[tuple[Notice, Mapping[str, str]]]) -> int:
    """Write many such messages; each notice has its once_key. Return how many rows were new.

    The values are sealed with the account's own key and wiped once the message is sent: a link that opens something
    without a password is kept nowhere. Delivery is asked for at once.
    """
    _require_transaction()
    accounts = await database.fetch(
        "SELECT id, subject_key_id FROM account WHERE id = ANY ($1)", [notice.account_id for notice, _ in messages]
    )
    keys = await vault.subject_keys(row["subject_key_id"] for row in accounts)
    key_of = {row["id"]: keys[row["subject_key_id"]] for row in accounts if row["subject_key_id"] in keys}
    known = [(notice, secret) for notice, secret in messages if notice.account_id in key_of]
    if not known or await notify_many([notice for notice, _ in known]) == 0:
        return 0
    sealed = [
        (
            f"{notice.once_key}:{channel.value}",
            key_of[notice.account_id].seal(msgspec.json.encode(dict(secret)).decode()),
        )
        for notice, secret in known
        for channel in notice.channels
    ]
    # What was written before keeps its own link.
    written = await database.execute(
        """UPDATE notification n SET secret_sealed = s.sealed
           FROM unnest($1::text[], $2::bytea[]) AS s (once_key, sealed)
           WHERE n.once_key = s.once_key AND n.status = 'queued' AND n.secret_sealed IS NULL""",
        *database.columns(sealed, 2),
    )
    await jobs.enqueue(DELIVERY_JOB, now=clock.now())
    return written


async def mark_read(principal: Principal, public_id: UUID) -> str:
    """Mark one of the person's own messages as read and return where it points; others are not found."""
    principal.scope(Permission.ACCOUNT_SELF)
    link: str | None = await database.fetch_value(
        """UPDATE notification SET status = 'read', read_at = coalesce(read_at, $3)
            WHERE public_id = $1 AND account_id = $2 AND channel = 'in_app' AND status IN ('sent', 'read')
        RETURNING link""",
        *(public_id, principal.actor, clock.now()),
    )
    if link is None:
        raise NotFound
    return link


async def mark_all_read(principal: Principal) -> int:
    """Mark all of the person's own messages as read and return how many were not."""
    principal.scope(Permission.ACCOUNT_SELF)
    return await database.execute(
        """UPDATE notification SET status = 'read', read_at = $2
            WHERE account_id = $1 AND channel = 'in_app' AND status = 'sent'""",
        *(principal.actor, clock.now()),
    )


async def cancel_queued(account_id: int) -> int:
    """Give up what is still queued for an account that is being erased, and wipe what was said to it."""
    _require_transaction()
    cancelled = await database.execute(
        """UPDATE notification SET status = 'failed', error = 'erased'
            WHERE account_id = $1 AND status = 'queued'""",
        account_id,
    )
    await database.execute(
        """UPDATE notification SET detail = '{}', msgid = '', recipient_sealed = NULL, secret_sealed = NULL
            WHERE account_id = $1""",
        account_id,
    )
    return cancelled


def _require_transaction() -> None:
    if not database.in_transaction():
        raise RuntimeError("a message belongs into the transaction of its business")


_INSERT_MANY = """
INSERT INTO notification (account_id, channel, msgid, detail, link, once_key, status,
                          next_attempt_at, created_at, sent_at)
SELECT account.id, given.channel, given.msgid, given.detail::jsonb, given.link, given.once_key,
       CASE given.channel WHEN 'in_app' THEN 'sent' ELSE 'queued' END,
       $7::timestamptz, $7::timestamptz, CASE given.channel WHEN 'in_app' THEN $7::timestamptz END
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       WITH ORDINALITY AS given (account_id, channel, msgid, detail, link, once_key, place)
  JOIN account ON account.id = given.account_id AND account.status = 'active'
 WHERE CASE given.channel WHEN 'sms' THEN account.phone_sealed IS NOT NULL
                          WHEN 'email' THEN account.email IS NOT NULL
                          ELSE true END
 ORDER BY given.place
    ON CONFLICT ON CONSTRAINT notification_once DO NOTHING"""
