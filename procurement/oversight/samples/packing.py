"""Packing a sample's evidence: the protocol, the population, and the archive of every purchase behind a drawn thing.

One archive at a time is in memory: the ZIP grows in a temporary file and goes into the store from there.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from app.attachments.store import ContentMissing, store
from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row, transaction
from procurement.deliveries.closing_file.packing import Packing
from procurement.oversight.archives.service import purchase_archive

_WAITING = """
SELECT s.id, s.reference, s.population, place.code AS place_code, s.year, s.seed, s.size, s.population_count,
       s.population_refs, encode(s.population_sha256, 'hex') AS population_sha256, s.drawn_by, s.drawn_at
FROM audit_sample s JOIN place ON place.id = s.place_id
WHERE NOT EXISTS (SELECT FROM sample_bundle b WHERE b.sample_id = s.id) ORDER BY s.id
"""
_ITEMS = """
SELECT i.position, i.reference, encode(i.digest, 'hex') AS digest, p.reference AS purchase, claim.id AS claim_id
FROM audit_sample_item i
LEFT JOIN claim ON claim.reference = i.reference
LEFT JOIN village_order o ON o.reference = i.reference
LEFT JOIN contract c ON c.reference = i.reference OR c.id = coalesce(o.contract_id, claim.contract_id)
LEFT JOIN purchase p ON p.id = c.purchase_id
WHERE i.sample_id = $1 ORDER BY i.position
"""
# A claim that no purchase stands behind: its rows as they are stored, from the work to the books; no account, not even
# a sealed one.
_OF_CLAIM = """
SELECT 'claim' AS section, to_jsonb(t)::text AS row FROM claim t WHERE t.id = $1
UNION ALL SELECT 'sign_up', to_jsonb(t)::text FROM sign_up t JOIN claim ON claim.sign_up_id = t.id WHERE claim.id = $1
UNION ALL SELECT 'attendance', to_jsonb(t)::text FROM attendance t JOIN claim ON claim.sign_up_id = t.sign_up_id
          WHERE claim.id = $1
UNION ALL SELECT 'closed_case', to_jsonb(t)::text FROM closed_case t JOIN claim ON claim.closed_case_id = t.id
          WHERE claim.id = $1
UNION ALL SELECT 'case_document', to_jsonb(t)::text FROM case_document t JOIN claim ON
          claim.closed_case_id = t.closed_case_id WHERE claim.id = $1
UNION ALL SELECT 'expense', to_jsonb(t)::text FROM expense t JOIN claim ON claim.expense_id = t.id WHERE claim.id = $1
UNION ALL SELECT 'mediator_post', to_jsonb(t)::text FROM mediator_post t JOIN claim ON claim.mediator_post_id = t.id
          WHERE claim.id = $1
UNION ALL SELECT 'budget_movement', to_jsonb(t)::text FROM budget_movement t
          WHERE t.source_type = 'claim' AND t.source_id = $1
             OR t.source_type = 'settlement_item'
                AND t.source_id IN (SELECT id FROM settlement_item WHERE claim_id = $1)
UNION ALL SELECT 'settlement_item', to_jsonb(t)::text FROM settlement_item t WHERE t.claim_id = $1
UNION ALL SELECT 'settlement_payment', (to_jsonb(t) - 'account_sealed')::text FROM settlement_payment t
          JOIN settlement_item i ON i.payment_id = t.id WHERE i.claim_id = $1
UNION ALL SELECT 'bank_return', to_jsonb(t)::text FROM bank_return t
          JOIN settlement_item i ON i.payment_id = t.payment_id WHERE i.claim_id = $1
UNION ALL SELECT 'ledger_transaction', to_jsonb(t)::text FROM ledger_transaction t
          WHERE t.source_type = 'claim' AND t.source_id = $1
UNION ALL SELECT 'ledger_posting', to_jsonb(g)::text FROM ledger_posting g JOIN ledger_transaction t
          ON t.id = g.transaction_id WHERE t.source_type = 'claim' AND t.source_id = $1
"""
PROTOCOL, SEED, POPULATION, DRAWN, AGAIN = "PROTOCOL.txt", "seed.txt", "population.txt", "drawn.txt", "draw-again.py"
_PROTOCOL = """Sample {reference} of {population}s, place {place_code}, year {year}

seed:                 {seed}
drawn:                {size} of {population_count}, at {drawn_at}
population (SHA-256): {population_sha256}

The population is population.txt: one reference a line, sorted. Its hash is that of the file.
Each reference is hashed with the seed: SHA-256 of the seed, a line feed and the reference, in UTF-8. The {size}
smallest hashes are the sample: drawn.txt, each hash before its reference. To draw it again with nothing but Python:

  python3 draw-again.py | cmp - drawn.txt

evidence/ holds the archive of each purchase behind a drawn thing (fahui archive verify FILE.zip checks it), or the
stored rows of a claim that no purchase stands behind. SHA256SUMS lists the hash of each file: sha256sum -c SHA256SUMS
"""
_AGAIN = """import hashlib
import sys

sys.stdout.reconfigure(encoding="utf-8", newline="\\n")
seed = open("seed.txt", encoding="utf-8").read()
references = open("population.txt", encoding="utf-8").read().split("\\n")[:-1]
hashed = sorted((hashlib.sha256((seed + "\\n" + one).encode()).hexdigest(), one) for one in references)
for digest, reference in hashed[:{size}]:
    print(digest + "  " + reference)
"""


async def pack_samples(_now: datetime) -> dict[str, int]:
    """Pack every sample that has no bundle yet; one that another run packed meanwhile is left as it is.

    A sample whose originals are damaged keeps no other waiting; the run fails at its end, so that an operator sees it.
    """
    waiting, damaged = await database.fetch(_WAITING), []
    for sample in waiting:
        try:
            sha256, size = await _kept(sample)
        except ContentMissing:
            damaged.append(sample["reference"])
            continue
        async with transaction():
            values = {"sample_id": sample["id"], "sha256": sha256, "byte_count": size, "made_at": clock.now()}
            if await database.insert_once("sample_bundle", values, ("sample_id",)):
                await audit.record(_auditor(sample), "audit_sample.packed", "audit_sample", sample["id"])
    if damaged:
        raise ContentMissing(", ".join(damaged))
    return {"packed": len(waiting)}


async def _kept(sample: Row) -> tuple[bytes, int]:
    """Pack a sample's evidence and keep it; return its hash and size."""
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        path = Path(folder) / "evidence.zip"
        with path.open("xb") as file, Packing(file) as packing:
            async for name, content in members(sample):
                await asyncio.to_thread(packing.add, name, content)
        return await store().put_file(path), path.stat().st_size


async def members(sample: Row) -> AsyncIterator[tuple[str, bytes]]:
    """Yield the files of a sample's evidence one after the other."""
    items = await database.fetch(_ITEMS, sample["id"])
    yield PROTOCOL, _PROTOCOL.format(**{**sample, "drawn_at": sample["drawn_at"].isoformat()}).encode()
    yield SEED, sample["seed"].encode()
    yield AGAIN, _AGAIN.format(size=sample["size"]).encode()
    yield POPULATION, "".join(f"{one}\n" for one in sample["population_refs"]).encode()
    yield DRAWN, "".join(f"{item['digest']}  {item['reference']}\n" for item in items).encode()
    auditor = _auditor(sample)
    for purchase in sorted({item["purchase"] for item in items if item["purchase"]}):
        yield f"evidence/{purchase}.zip", await purchase_archive(auditor, purchase)
    for item in items:
        if not item["purchase"]:
            rows = await database.fetch(_OF_CLAIM, item["claim_id"])
            lines = "".join(f'{{"{row["section"]}": {row["row"]}}}\n' for row in rows)
            yield f"evidence/{item['reference']}.jsonl", lines.encode()


def _auditor(sample: Row) -> Principal:
    """Return whoever drew the sample, with the right to read at exactly its place."""
    scope = Scope(place_codes=(sample["place_code"],))
    return Principal(account_id=sample["drawn_by"], kind="system", scopes={Permission.LEDGER_READ: scope})
