"""Reading a purchase's records and their audit events, each event with its way to the root of its batch."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.core import database
from app.core.access import Principal
from app.core.audit_chain import leaf
from app.core.database import Row
from app.core.errors import NotFound
from procurement.oversight.archives.proofs import Batch, ProvenEvent, steps_of
from procurement.oversight.archives.records import AUDITED, SECTIONS, ids_of
from procurement.reading import BUYERS, reading_scope

_EVENTS = """
SELECT e.id, e.transaction_id::text AS transaction_id, e.occurred_at, e.actor_id, e.actor_kind, e.action, e.object_type,
       e.object_id, e.detail::text AS detail, e.request_id, encode(e.content_sha256, 'hex') AS content_sha256,
       coalesce(b.number, 0) AS batch, s.position
FROM unnest($1::text[], $2::bigint[]) AS d (object_type, object_id)
JOIN audit_event e ON e.object_type = d.object_type AND e.object_id = d.object_id
LEFT JOIN audit_seal s ON s.event_id = e.id LEFT JOIN audit_batch b ON b.id = s.batch_id ORDER BY e.id
"""
_LEAVES = """
SELECT b.number, e.id, e.transaction_id::text AS transaction_id, e.actor_kind, e.request_id, e.content_sha256
FROM audit_batch b JOIN audit_seal s ON s.batch_id = b.id JOIN audit_event e ON e.id = s.event_id
WHERE b.number = ANY($1) ORDER BY b.number, s.position
"""
_BATCHES = """
SELECT number, sealed_at, settled::text AS settled, event_count, encode(merkle_root, 'hex') AS merkle_root,
       encode(previous_sha256, 'hex') AS previous_sha256, encode(batch_sha256, 'hex') AS batch_sha256
FROM audit_batch WHERE number = ANY($1) ORDER BY number
"""


async def purchase_of(principal: Principal, reference: str) -> Row:
    """Return the purchase behind a number to whoever makes or watches it."""
    row = await database.fetch_one(
        """SELECT p.id, p.reference, c.reference AS contract FROM purchase p JOIN place ON place.id = p.place_id
           LEFT JOIN contract c ON c.purchase_id = p.id WHERE p.reference = $1 AND place.code LIKE ANY($2)""",
        reference,
        reading_scope(principal, *BUYERS).like_patterns(),
    )
    if row is None:
        raise NotFound
    return row


async def sections(purchase_id: int) -> dict[str, list[str]]:
    """Return every section's rows as JSON, in the order of their ids."""
    found = {}
    for section in SECTIONS:
        table, wanted = ids_of(section)
        rows = await database.fetch(
            f"""SELECT to_jsonb(t)::text AS row FROM {table} t WHERE t.id IN ({wanted}) ORDER BY t.id""", purchase_id
        )
        found[section] = [row["row"] for row in rows]
    return found


async def events(purchase_id: int) -> tuple[list[ProvenEvent], dict[int, Batch]]:
    """Return the audit events of a purchase's things with their proofs, and the batches that they lie in."""
    things = []
    for section in SECTIONS:
        table, wanted = ids_of(section)
        if table in AUDITED:
            things += [(table, row["id"]) for row in await database.fetch(wanted, purchase_id)]
    rows = await database.fetch(_EVENTS, *database.columns(things, 2))
    numbers = sorted({row["batch"] for row in rows if row["batch"]})
    leaves = await _leaves(numbers)
    batches = [Batch(**row) for row in await database.fetch(_BATCHES, numbers)]
    return [_proven(row, leaves) for row in rows], {batch.number: batch for batch in batches}


async def _leaves(numbers: Sequence[int]) -> Mapping[int, list[bytes]]:
    found: dict[int, list[bytes]] = defaultdict(list)
    for row in await database.fetch(_LEAVES, list(numbers)):
        found[row["number"]].append(leaf(row))
    return found


def _proven(row: Row, leaves: Mapping[int, list[bytes]]) -> ProvenEvent:
    place = row.pop("position")
    steps = steps_of(leaves[row["batch"]], place) if row["batch"] else []
    return ProvenEvent(**{**row, "detail": database.decoded(row["detail"], dict), "steps": steps})
