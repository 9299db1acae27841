"""Computing a batch anew, from the work that was confirmed and the tariff sets that its claims name.

A set is taken by its row and must have the hash that it was published with. Work is priced, claims are merged into
payments, and what the batch was computed from is hashed, by the same pure functions as at the time; the outcome is
written as canonical JSON and compared with what is stored. A paid batch's bank file is written anew as well.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from app.core import database
from app.core.access import Permission, system_principal
from app.core.errors import NotFound
from procurement.claims import rules as claim_rules
from procurement.settlement import payout, rules
from procurement.settlement.rules import ApprovedClaim, Payee
from procurement.tariffs.engine.document import read_set, sha256_of
from procurement.tariffs.engine.model import TariffSet, Work
from procurement.tariffs.engine.pricing import price

TARIFF_ITEMS = frozenset({"lecture", "duty", "desk"})


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A batch as it is stored and as it is computed anew, and what besides differs."""

    stored: bytes
    anew: bytes
    faults: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Tell whether computing it anew gives what is stored."""
        return self.stored == self.anew and not self.faults


async def recompute(reference: str) -> Recomputed:
    """Compute a batch anew; read-only but for the trace that writing a bank file anew leaves."""
    batch = await database.fetch_one(_BATCH, reference)
    if batch is None:
        raise NotFound
    claims = await database.fetch(_CLAIMS, batch["id"])
    payments = await database.fetch(_PAYMENTS, batch["id"])
    said = {"reference": reference, "status": batch["status"], "paid_from": batch["place_code"]}
    stored = _document(
        said, batch["input"], [(row["person_id"], row["organization_id"], row["amount_fen"]) for row in payments],
        [(row["reference"], row["amount_fen"], json.loads(row["trace"])) for row in claims],
    )  # fmt: skip
    faults = [fault for row in claims if (fault := _set_fault(row))]
    if batch["file"] and await _file_anew(batch["id"]) != batch["file"]:
        faults.append("the bank's file is another one")
    return Recomputed(stored, _anew(said, batch, claims), tuple(sorted(set(faults))))


def _anew(said: dict[str, Any], batch: database.Row, claims: Sequence[database.Row]) -> bytes:
    priced = [(row, *_priced(row)) for row in claims]
    approved = [
        ApprovedClaim(row["id"], Payee(row["person_id"], row["organization_id"]), fen) for row, fen, _ in priced
    ]
    run = (batch["place_code"], batch["period_from"], batch["period_to"])
    merged = [(p.payee.person_id, p.payee.organization_id, p.amount_fen) for p in rules.merged_payments(approved)]
    hashed = rules.input_sha256(*run, approved, batch["cap_fen"]).hex()
    return _document(said, hashed, merged, [(row["reference"], fen, trace) for row, fen, trace in priced])


def _document(
    said: dict[str, Any], hashed: str, payments: Sequence[tuple[Any, ...]], claims: Sequence[tuple[Any, ...]]
) -> bytes:
    whole = {**said, "input_sha256": hashed, "payments": payments, "claims": claims}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _priced(row: database.Row) -> tuple[int, Any]:
    """Price attended work anew; what a contract priced keeps its contract's price."""
    if row["minutes"] is None or row["item"] not in TARIFF_ITEMS:
        return row["amount_fen"], json.loads(row["trace"])
    asked = claim_rules.priced_as(row["kind"], row["minutes"])
    result = price(_set(row["body"]), Work(item=asked.item, on=row["service_day"], units={asked.unit: asked.count}))
    return result.fen, msgspec.to_builtins(result.trace)


def _set_fault(row: database.Row) -> str:
    if row["body"] is None or sha256_of(_set(row["body"])) == row["set_sha256"]:
        return ""
    return f"tariff set {row['set_sha256'][:16]} does not have its hash"


@lru_cache(maxsize=64)
def _set(body: str) -> TariffSet:
    return read_set(body.encode())


async def _file_anew(batch_id: int) -> str:
    file = await payout.bank_file_again(system_principal(Permission.SETTLEMENT_PAY), batch_id)
    return file.sha256.hex()


_BATCH = """
SELECT b.id, b.status, place.code AS place_code, b.period_from, b.period_to, b.cap_fen,
       encode(b.input_sha256, 'hex') AS input, encode(f.content_sha256, 'hex') AS file
FROM settlement_batch b JOIN place ON place.id = b.place_id LEFT JOIN bank_file f ON f.batch_id = b.id
WHERE b.reference = $1
"""
_PAYMENTS = """
SELECT coalesce(person_id, 0) AS person_id, coalesce(organization_id, 0) AS organization_id, amount_fen
FROM settlement_payment WHERE batch_id = $1 ORDER BY 1, 2
"""
# What was priced is what was confirmed when the claim accrued; a later correction keeps what was said before.
_CLAIMS = """
SELECT c.id, c.reference, coalesce(c.person_id, 0) AS person_id, coalesce(c.organization_id, 0) AS organization_id,
       c.item, c.service_day, i.amount_fen, c.trace::text AS trace, t.body::text AS body,
       encode(t.body_sha256, 'hex') AS set_sha256, a.kind, first.minutes
FROM settlement_item i JOIN claim c ON c.id = i.claim_id
LEFT JOIN tariff_set t ON t.id = c.tariff_set_id
LEFT JOIN sign_up s ON s.id = c.sign_up_id LEFT JOIN assignment a ON a.id = s.assignment_id
LEFT JOIN LATERAL (
    SELECT coalesce((SELECT k.minutes_before FROM attendance_correction k
                     WHERE k.attendance_id = att.id AND k.corrected_at >= c.accrued_at ORDER BY k.number LIMIT 1),
                    att.minutes) AS minutes
    FROM attendance att WHERE att.sign_up_id = s.id) AS first ON true
WHERE i.batch_id = $1 ORDER BY c.id
"""
