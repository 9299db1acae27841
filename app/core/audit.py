"""Who did what to which thing, written in the business transaction without taking any lock.

The sealer (app.core.audit_chain) later takes committed events into the hash chain.
"""

import hashlib
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.core import clock, database
from app.core.access import Principal

request_id: ContextVar[str] = ContextVar("request_id", default="")

COLUMNS = (
    "occurred_at",
    "actor_id",
    "actor_kind",
    "action",
    "object_type",
    "object_id",
    "detail",
    "request_id",
)
_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: ids and codes only, never names, numbers or free text."""

    action: str
    object_type: str
    object_id: int
    detail: dict[str, Any]


async def record(principal: Principal, action: str, object_type: str, object_id: int, **detail: Any) -> None:
    """Write one event; ``object_type`` is the table's name."""
    await record_many(principal, [Entry(action, object_type, object_id, detail)])


async def record_many(principal: Principal, entries: Iterable[Entry]) -> None:
    """Write an event for each thing that a set-based use case touched."""
    if not database.in_transaction():
        raise RuntimeError("an audit event belongs into the business transaction")
    at = clock.now()
    rows = [_row(principal, entry, at) for entry in entries]
    if len(rows) == 1:
        await database.insert_row("audit_event", dict(zip((*COLUMNS, "content_sha256"), rows[0], strict=True)))
    else:
        await database.copy_rows("audit_event", (*COLUMNS, "content_sha256"), rows)


def content_sha256(
    occurred_at: datetime,
    actor_id: int | None,
    action: str,
    object_type: str,
    object_id: int,
    detail_json: str,
) -> bytes:
    """Return the hash of what an event says; ``detail_json`` is its canonical JSON."""
    detail = msgspec.json.decode(detail_json)
    said = [occurred_at.isoformat(), actor_id, action, object_type, object_id, detail]
    return hashlib.sha256(_encoder.encode(said)).digest()


def _row(principal: Principal, entry: Entry, at: datetime) -> tuple[Any, ...]:
    detail = _encoder.encode(entry.detail).decode()
    return (
        at,
        principal.account_id,
        principal.kind,
        entry.action,
        entry.object_type,
        entry.object_id,
        detail,
        request_id.get(),
        content_sha256(at, principal.account_id, entry.action, entry.object_type, entry.object_id, detail),
    )
