"""The chain over the audit events: one sealer links committed events in batches, anyone can verify them.

A batch takes events whose transactions are over, in id order, up to 10,000 of them: a Merkle root over its
events, and a hash over its number, time, count, root and the batch before it. Whoever changes, removes or
reorders anything later breaks a hash; whoever rewrites the whole chain contradicts the heads published each day.

An event commits later than one with a greater id when its transaction took longer, so "sealed up to id n"
would lose it. The mark is a transaction: below ``settled`` every transaction was over when it was written.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.core import clock, database, merkle
from app.core.database import Row, transaction

BATCH_LIMIT = 10_000
SEAL_LOCK = 7_301_002
GENESIS = bytes(32)
HEAD_TOPIC = "audit_head"
_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class View:
    """What one sealing looks at: transactions from the mark on that were over when it began to look.

    All its batches keep to the first look. A later look would see transactions that ended meanwhile, with ids
    which this sealing has passed already, and then setting the mark would lose them.
    """

    since: str
    xmin: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed batch."""

    count: int
    last_id: int


async def seal_audit(_now: datetime) -> dict[str, Any]:
    """Seal what was committed since the last time."""
    return {"sealed": await seal()}


async def seal_audit_fully(_now: datetime) -> dict[str, Any]:
    """Look through every event, not only those after the mark, and publish the day's head.

    The mark is a transaction of this cluster. After a restore into another one it may lie ahead of the
    server's own counter; then the full look finds what the quick one passes by.
    """
    sealed = await seal(everything=True)
    return {"sealed": sealed, "head": await publish_head()}


async def seal(*, everything: bool = False) -> int:
    """Seal batch after batch until nothing is left; return how many events. Two sealers never work at once."""
    since = None if everything else await database.fetch_value(_MARK)
    fresh = await database.fetch_one(_FRESH, since or "0")
    if fresh is None or fresh["first_id"] is None:
        return 0
    view = View(since or "0", fresh["xmin"])
    total, after = 0, fresh["first_id"] - 1
    while batch := await _seal_batch(view, after):
        total, after = total + batch.count, batch.last_id
    return total


async def publish_head() -> int:
    """Announce today's head of the chain, once a day; return its batch number, 0 without a batch."""
    head = await database.fetch_one("SELECT id, number FROM audit_batch ORDER BY number DESC LIMIT 1")
    if head is None:
        return 0
    values = {"topic": HEAD_TOPIC, "subject_id": head["id"], "occurred_at": clock.now()}
    await database.insert_once("fact", values, ("topic", "subject_id"))
    return int(head["number"])


async def _seal_batch(view: View, after: int) -> Sealed | None:
    async with transaction():
        if not await database.fetch_value("SELECT pg_try_advisory_xact_lock($1)", SEAL_LOCK):
            return None
        events = await database.fetch(_UNSEALED, after, view.since, view.xmin, BATCH_LIMIT)
        if not events:
            return None
        last = await database.fetch_one("SELECT number, batch_sha256 FROM audit_batch ORDER BY number DESC LIMIT 1")
        drained = len(events) < BATCH_LIMIT
        await _write_batch(events, last, settled=view.xmin if drained else view.since)
    return Sealed(len(events), events[-1]["id"])


async def _write_batch(events: list[Row], last: Row | None, settled: str) -> None:
    number = last["number"] + 1 if last else 1
    previous = last["batch_sha256"] if last else GENESIS
    sealed_at = clock.now()
    root = merkle.root([leaf(event) for event in events])
    batch_id = await database.fetch_value(
        """INSERT INTO audit_batch (number, sealed_at, settled, event_count, merkle_root, previous_sha256, batch_sha256)
           VALUES ($1, $2, $3::text::xid8, $4, $5, $6, $7) RETURNING id""",
        *(number, sealed_at, settled, len(events), root, previous),
        batch_sha256(number, sealed_at, settled, len(events), root, previous),
    )
    seals = [(event["id"], batch_id, position) for position, event in enumerate(events)]
    await database.copy_rows("audit_seal", ("event_id", "batch_id", "position"), seals)


def leaf(event: Row) -> bytes:
    """Return an event's leaf: what its content hash does not say already, and that hash."""
    beside = [event["id"], event["transaction_id"], event["actor_kind"], event["request_id"]]
    return merkle.leaf_sha256(_encoder.encode(beside) + event["content_sha256"])


def batch_sha256(number: int, sealed_at: datetime, settled: str, count: int, root: bytes, previous: bytes) -> bytes:
    """Return the hash that the next batch carries on."""
    said = [number, sealed_at.astimezone(UTC).isoformat(), settled, count]
    return hashlib.sha256(_encoder.encode(said) + root + previous).digest()


_MARK = "SELECT settled::text FROM audit_batch ORDER BY number DESC LIMIT 1"

# `id + 0` keeps the planner from walking the primary key through all that is sealed long since.
_FRESH = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, min(id + 0) AS first_id
  FROM audit_event WHERE transaction_id >= $1::text::xid8"""

# The second condition on the seal follows from the first; with it the planner reads only the end of that table.
# A visible event of a transaction that this server has not begun yet came with a restored backup: it is over.
_UNSEALED = """
SELECT event.id, event.transaction_id::text, event.actor_kind, event.request_id, event.content_sha256
  FROM audit_event event
 WHERE event.id > $1 AND event.transaction_id >= $2::text::xid8
   AND (event.transaction_id < $3::text::xid8 OR event.transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))
   AND NOT EXISTS (SELECT FROM audit_seal seal WHERE seal.event_id = event.id AND seal.event_id > $1)
 ORDER BY event.id LIMIT $4"""
