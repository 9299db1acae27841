"""Events: taken into the inbox once, then handled by reading their object again; a failure stays to be repeated."""

import hashlib
from typing import Any

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.logging import described
from app.core.text import N_
from procurement.donations.choosing import gateway
from procurement.donations.events.queries import event_of
from procurement.donations.events.rules import Subject, SubjectKind, subject_of
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_checkout, settle_payment, settle_plan
from procurement.donations.signatures import is_genuine

MOST_ATTEMPTS = 12
SETTLE = {
    SubjectKind.CHECKOUT: settle_checkout,
    SubjectKind.PAYMENT: settle_payment,
    SubjectKind.PLAN: settle_plan,
}


class EventNotGenuine(DomainError):
    """The signature is missing, wrong or too old."""

    code, status, message = "gateway_event_not_genuine", 400, N_("通知的签名无效或已过期，没有接收。")


class EventUnreadable(DomainError):
    """The body is not an event, or one about the other kind of money (test or real)."""

    code, status, message = "gateway_event_unreadable", 400, N_("通知的内容无法识别，没有接收。")


class _Data(msgspec.Struct):
    object: dict[str, Any]


class _Event(msgspec.Struct):
    id: str
    type: str
    livemode: bool
    data: _Data


async def receive(body: bytes, signature: str) -> bool:
    """Take an event into the inbox and handle it; return whether it was new.

    Once it is in the inbox it counts as received, whatever becomes of the handling: that is repeated from here.
    """
    service = gateway()
    if not is_genuine(body, signature, service.secret, int(clock.now().timestamp())):
        raise EventNotGenuine
    try:
        event = msgspec.json.decode(body, type=_Event)
    except msgspec.MsgspecError:
        raise EventUnreadable from None
    if event.livemode is not service.live or not event.id:
        raise EventUnreadable
    event_row = await _taken(event, hashlib.sha256(body).digest())
    if event_row is None:
        return False
    await handle(event_row)
    return True


async def handle(event_row: int) -> bool:
    """Handle an event of the inbox now, also once more; return whether that went well.

    A failure is written beside the event, for the desk to see and for the next try.
    """
    row = await database.fetch_one("SELECT subject_kind, subject_id FROM gateway_event WHERE id = $1", event_row)
    if row is None:
        raise NotFound
    subject = Subject(SubjectKind(row["subject_kind"]), row["subject_id"])
    if subject.kind is SubjectKind.NONE:
        await _close(event_row, "ignored")
        return True
    try:
        await SETTLE[subject.kind](subject.id, Finder.EVENT)
    except Exception as failure:  # whatever it was, the event is kept and tried again
        await _fail(event_row, failure.code if isinstance(failure, DomainError) else described(failure))
        return False
    await _close(event_row, "handled")
    return True


async def handle_waiting() -> dict[str, int]:
    """Handle what failed or was cut off, the oldest first; return how many went well and how many did not.

    Each try waits twice as long as the one before, a day and a half in all; after that the nightly look finds it.
    """
    rows = await database.fetch(
        """SELECT id FROM gateway_event WHERE status IN ('received', 'failed') AND attempts < $1
           AND received_at <= $2::timestamptz - make_interval(secs => 30 * (power(2, attempts) - 1))
           ORDER BY id LIMIT 200""",
        MOST_ATTEMPTS,
        clock.now(),
    )
    done = [await handle(row["id"]) for row in rows]
    return {"handled": sum(done), "failed": len(done) - sum(done)}


async def replay(principal: Principal, event_id: str) -> bool:
    """Handle an event once more because an officer wants it; return whether that went well."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    event_row = await event_of(scope.like_patterns(), event_id)
    async with transaction():
        await audit.record(principal, "gateway_event.replayed", "gateway_event", event_row)
    return await handle(event_row)


async def _taken(event: _Event, digest: bytes) -> int | None:
    subject = subject_of(event.type, event.data.object)
    return await database.insert_once(
        "gateway_event",
        {
            "event_id": event.id,
            "kind": event.type,
            "subject_kind": subject.kind.value,
            "subject_id": subject.id,
            "body_sha256": digest,
            "status": "received",
            "received_at": clock.now(),
        },
        ("event_id",),
    )


async def _close(event_row: int, status: str) -> None:
    await database.execute(
        """UPDATE gateway_event SET status = $2, attempts = attempts + 1, error = '',
                  handled_at = coalesce(handled_at, $3) WHERE id = $1""",
        event_row,
        status,
        clock.now(),
    )


async def _fail(event_row: int, error: str) -> None:
    """Keep what went wrong; an event that was handled before stays handled."""
    await database.execute(
        """UPDATE gateway_event SET attempts = attempts + 1, error = $2,
                  status = CASE status WHEN 'handled' THEN status ELSE 'failed' END WHERE id = $1""",
        event_row,
        error[:500],
    )
