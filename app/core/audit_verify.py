"""Verification of the audit chain: every hash is computed again from what the rows say today."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core import clock, database, merkle
from app.core.audit import content_sha256
from app.core.audit_chain import GENESIS, HEAD_TOPIC, batch_sha256, leaf
from app.core.database import Row

FAULTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit, by batch number and event id (0: the batch as a whole)."""

    batch: int
    event: int
    what: str


@dataclass(frozen=True, slots=True)
class Tail:
    """What waits for its seal: how many events, and how old the oldest is."""

    events: int
    age: timedelta


@dataclass(slots=True)
class Report:
    """What a verification saw."""

    batches: int = 0
    events: int = 0
    head: bytes = GENESIS
    tail: Tail = Tail(0, timedelta())
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing was tampered with."""
        return not self.faults

    def blame(self, batch: int, event: int, what: str) -> None:
        """Add a fault, up to a readable number."""
        if len(self.faults) < FAULTS_SHOWN:
            self.faults.append(Fault(batch, event, what))


async def verify() -> Report:
    """Recompute contents, Merkle roots and the chain; look at the published heads and the unsealed tail."""
    report = Report()
    async for batch in _batches():
        await _check_batch(report, batch)
    await _check_heads(report)
    async for event in _unsealed_events():
        _check_content(report, 0, event)
    report.tail = await unsealed_tail()
    return report


async def unsealed_tail() -> Tail:
    """Return how many events wait for the sealer, found without trusting the sealer's own mark."""
    row = await database.fetch_one(
        """SELECT count(*) AS events, min(event.occurred_at) AS oldest FROM audit_event event
            WHERE NOT EXISTS (SELECT FROM audit_seal seal WHERE seal.event_id = event.id)"""
    )
    if row is None or row["oldest"] is None:
        return Tail(0, timedelta())
    return Tail(row["events"], max(clock.now() - row["oldest"], timedelta()))


async def _batches() -> AsyncIterator[Row]:
    last = 0
    while batch := await database.fetch_one(
        "SELECT *, settled::text AS settled FROM audit_batch WHERE id > $1 ORDER BY id LIMIT 1", last
    ):
        last = batch["id"]
        yield batch


async def _check_batch(report: Report, batch: Row) -> None:
    number = batch["number"]
    report.batches += 1
    if number != report.batches:
        report.blame(number, 0, f"stands where batch {report.batches} belongs")
    if batch["previous_sha256"] != report.head:
        report.blame(number, 0, "does not carry on the batch before it")
    events = await database.fetch(_EVENTS_OF_BATCH, batch["id"])
    report.events += len(events)
    for position, event in enumerate(events):
        _check_place(report, number, position, event)
    leaves = [leaf(event) for event in events if event["id"] is not None]
    if len(leaves) != batch["event_count"]:
        report.blame(number, 0, f"holds {len(leaves)} events, sealed were {batch['event_count']}")
    if not leaves or merkle.root(leaves) != batch["merkle_root"]:
        report.blame(number, 0, "its events do not give its Merkle root")
    _check_batch_hash(report, batch)
    report.head = batch["batch_sha256"]


def _check_batch_hash(report: Report, batch: Row) -> None:
    said = batch_sha256(
        *(batch["number"], batch["sealed_at"], batch["settled"], batch["event_count"]),
        *(batch["merkle_root"], batch["previous_sha256"]),
    )
    if said != batch["batch_sha256"]:
        report.blame(batch["number"], 0, "its own hash does not fit")


def _check_place(report: Report, number: int, position: int, event: Row) -> None:
    if event["position"] != position:
        report.blame(number, event["event_id"], f"stands at place {event['position']} instead of {position}")
    if event["id"] is None:
        report.blame(number, event["event_id"], "the event is gone")
    else:
        _check_content(report, number, event)


def _check_content(report: Report, number: int, event: Row) -> None:
    said = content_sha256(
        *(event["occurred_at"], event["actor_id"], event["action"]),
        *(event["object_type"], event["object_id"], event["detail"]),
    )
    if said != event["content_sha256"]:
        report.blame(number, event["id"], "its content does not fit its hash")


async def _check_heads(report: Report) -> None:
    """A head that was published must still be in the chain, or its end was cut off."""
    for head in await database.fetch(
        """SELECT fact.subject_id, fact.occurred_at FROM fact LEFT JOIN audit_batch batch ON batch.id = fact.subject_id
            WHERE fact.topic = $1 AND batch.id IS NULL ORDER BY fact.id""",
        HEAD_TOPIC,
    ):
        published: datetime = head["occurred_at"]
        report.blame(0, 0, f"the head published at {published.isoformat()} is gone")


async def _unsealed_events() -> AsyncIterator[Row]:
    last = 0
    while events := await database.fetch(_UNSEALED_EVENTS, last):
        for event in events:
            yield event
        last = events[-1]["id"]


_EVENTS_OF_BATCH = """
SELECT seal.event_id, seal.position, event.id, event.transaction_id::text AS transaction_id, event.occurred_at,
       event.actor_id, event.actor_kind, event.action, event.object_type, event.object_id, event.detail::text AS detail,
       event.request_id, event.content_sha256
  FROM audit_seal seal LEFT JOIN audit_event event ON event.id = seal.event_id
 WHERE seal.batch_id = $1 ORDER BY seal.position"""

_UNSEALED_EVENTS = """
SELECT event.id, event.occurred_at, event.actor_id, event.action, event.object_type, event.object_id,
       event.detail::text AS detail, event.content_sha256
  FROM audit_event event
 WHERE event.id > $1 AND NOT EXISTS (SELECT FROM audit_seal seal WHERE seal.event_id = event.id)
 ORDER BY event.id LIMIT 10000"""
