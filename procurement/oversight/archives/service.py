"""Making the archive: the closing file, the records by section, the audit events with their proofs, how to check it."""

import asyncio

import msgspec

from app.core import audit
from app.core.access import Principal
from app.core.database import transaction
from procurement.deliveries.closing_file.packing import packed
from procurement.deliveries.closing_file.service import closing_members
from procurement.oversight.archives import queries
from procurement.oversight.archives.proofs import Batch, ProvenEvent, faults

EVENTS, BATCHES, GUIDE = "audit/events.jsonl", "audit/batches.json", "READ-ME-FIRST.txt"
_GUIDE = """This archive holds the whole purchase {reference}, in order: first the closing file with all originals,
then the records as they are stored (records/), then every audit event of the purchase with its proof (audit/).

1. SHA256SUMS lists the hash of each file: sha256sum -c SHA256SUMS
2. fahui archive verify FILE.zip recomputes the hash of each event's content, its way to the Merkle root of its batch
   (RFC 9162), and the hash of each batch. No database is needed.
3. The batch hashes are those of the audit chain; its daily heads are published. Compare the newest batch's hash with
   what was published on its day.
{unsealed} of {events} events are not sealed yet.
"""


async def purchase_archive(principal: Principal, reference: str) -> bytes:
    """Return the archive of a purchase to whoever makes or watches it; that somebody took it is on record."""
    row = await queries.purchase_of(principal, reference)
    members = await closing_members(principal, row["contract"]) if row["contract"] else {}
    records = await queries.sections(row["id"])
    events, batches = await queries.events(row["id"])
    for number, (section, rows) in enumerate(records.items(), 1):
        if rows:
            members[f"records/{number:02d}-{section}.jsonl"] = "".join(f"{one}\n" for one in rows).encode()
    members[EVENTS] = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
    members[BATCHES] = msgspec.json.encode(list(batches.values()))
    unsealed = sum(not event.batch for event in events)
    guide = _GUIDE.format(reference=reference, events=len(events), unsealed=unsealed).encode()
    archive = await asyncio.to_thread(packed, {GUIDE: guide, **members})
    async with transaction():
        await audit.record(principal, "purchase.archived", "purchase", row["id"], events=len(events))
    return archive


def archive_faults(events_jsonl: bytes, batches_json: bytes) -> list[str]:
    """Name what does not fit in an archive's audit part."""
    events = [msgspec.json.decode(line, type=ProvenEvent) for line in events_jsonl.splitlines()]
    batches = msgspec.json.decode(batches_json, type=list[Batch])
    return faults(events, {batch.number: batch for batch in batches})
