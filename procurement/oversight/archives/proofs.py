"""The audit chain's proof for single events: what leads from an event to its batch, and from the batch to the next.

Pure, so that an archive is checked on any machine, without a database and without trusting whoever made it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app.core import merkle
from app.core.audit import content_sha256
from app.core.audit_chain import batch_sha256, leaf


class Batch(msgspec.Struct, frozen=True):
    """What a batch's hash is made of."""

    number: int
    sealed_at: datetime
    settled: str
    event_count: int
    merkle_root: str
    previous_sha256: str
    batch_sha256: str


class ProvenEvent(msgspec.Struct, frozen=True):
    """One audit event with its way to the root of its batch; ``batch`` 0 is not sealed yet."""

    id: int
    transaction_id: str
    occurred_at: datetime
    actor_id: int | None
    actor_kind: str
    action: str
    object_type: str
    object_id: int
    detail: dict[str, Any]
    request_id: str
    content_sha256: str
    batch: int = 0
    steps: list[tuple[str, bool]] = []  # each neighbour's hash, and whether it stands to the left


def steps_of(leaves: Sequence[bytes], place: int) -> list[tuple[str, bool]]:
    """Return an event's way to the root, as it is written."""
    return [(step.sha256.hex(), step.left) for step in merkle.path(leaves, place)]


def faults(events: Iterable[ProvenEvent], batches: Mapping[int, Batch]) -> list[str]:
    """Name everything that does not fit: contents, ways, batches. An empty list is the proof."""
    found = [fault for event in events for fault in _event_faults(event, batches)]
    return found + [fault for batch in batches.values() for fault in _batch_faults(batch)]


def _event_faults(event: ProvenEvent, batches: Mapping[int, Batch]) -> list[str]:
    said = msgspec.json.encode(event.detail, order="deterministic").decode()
    content = content_sha256(event.occurred_at, event.actor_id, event.action, event.object_type, event.object_id, said)
    if content.hex() != event.content_sha256:
        return [f"event {event.id}: its content was changed"]
    if not event.batch:
        return []
    batch = batches.get(event.batch)
    if batch is None:
        return [f"event {event.id}: its batch {event.batch} is missing"]
    own = leaf(
        {
            "id": event.id,
            "transaction_id": event.transaction_id,
            "actor_kind": event.actor_kind,
            "request_id": event.request_id,
            "content_sha256": content,
        }
    )
    way = [merkle.Step(bytes.fromhex(digest), left) for digest, left in event.steps]
    if merkle.root_by(own, way).hex() != batch.merkle_root:
        return [f"event {event.id}: it is not in batch {event.batch}"]
    return []


def _batch_faults(batch: Batch) -> list[str]:
    made = batch_sha256(
        *(batch.number, batch.sealed_at, batch.settled, batch.event_count),
        *(bytes.fromhex(batch.merkle_root), bytes.fromhex(batch.previous_sha256)),
    )
    return [] if made.hex() == batch.batch_sha256 else [f"batch {batch.number}: its hash does not fit"]
