"""Approving many claims at once: a sample is drawn once for a selection, looked at, and only then all are approved."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from procurement.claims.sampling import rules
from procurement.claims.service import Approved, approve_claims

SEED_BYTES = 16


@dataclass(frozen=True, slots=True)
class Drawn:
    """One claim of a sample, and whether it was looked at."""

    reference: str
    looked: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn for a selection."""

    public_id: UUID
    claims: tuple[Drawn, ...]

    @property
    def waiting(self) -> int:
        """Return how many were not looked at."""
        return sum(not one.looked for one in self.claims)


async def sample_for(principal: Principal, claim_ids: Sequence[int], address: str = "") -> Sample | None:
    """Return the sample of a selection, drawing it the first time; None where the selection is too small for one.

    What the same person approved before on the same day counts as well; where that became more since, more is drawn.
    ``address`` is the page on which the selection is found again.
    """
    principal.scope(Permission.CLAIM_APPROVE)
    before = await database.fetch_value(_UNSEEN, principal.actor, clock.today()) or 0
    if not rules.size_of(len(set(claim_ids)), before):
        return None
    async with transaction():
        return await _sample(principal, sorted(set(claim_ids)), address, before)


async def look_at(principal: Principal, sample: UUID, reference: str) -> None:
    """Say that one of the drawn claims was looked at and is in order."""
    principal.scope(Permission.CLAIM_APPROVE)
    async with transaction():
        row = await database.fetch_one(
            """SELECT s.id, s.claim_id FROM sampled_claim s JOIN approval_sample a ON a.id = s.sample_id
               JOIN claim c ON c.id = s.claim_id
               WHERE a.public_id = $1 AND a.drawn_by = $2 AND c.reference = $3 FOR NO KEY UPDATE OF s""",
            *(sample, principal.actor, reference),
        )
        if row is None:
            raise NotFound
        await database.execute(
            "UPDATE sampled_claim SET looked_at = $2 WHERE id = $1 AND looked_at IS NULL", row["id"], clock.now()
        )
        await audit.record(principal, "claim.sampled", "claim", row["claim_id"])


async def approve_many(principal: Principal, claim_ids: Sequence[int]) -> Approved:
    """Approve a selection; many at once only after their sample was looked at. Errors: those of ``approve_claims``."""
    sample = await sample_for(principal, claim_ids)
    if sample is not None and sample.waiting:
        raise rules.SampleNotLookedAt(count=sample.waiting)
    return await approve_claims(principal, claim_ids)


async def _sample(principal: Principal, claim_ids: list[int], address: str, before: int) -> Sample:
    sha256 = rules.selection_sha256(claim_ids)
    values = {
        "drawn_by": principal.actor, "drawn_at": clock.now(), "seed": secrets.token_bytes(SEED_BYTES),
        "selection_sha256": sha256, "claim_count": len(claim_ids), "address": address,
    }  # fmt: skip
    made = await database.insert_once("approval_sample", values, ("drawn_by", "selection_sha256"))
    if made is not None:
        await audit.record(principal, "claim.sample_drawn", "approval_sample", made, claims=len(claim_ids))
    seed = await database.fetch_value(_SEED, principal.actor, sha256)
    await database.execute(_DRAW, principal.actor, sha256, rules.drawn(claim_ids, seed, before))
    rows = await database.fetch(
        """SELECT a.public_id, c.reference, s.looked_at IS NOT NULL AS looked
           FROM approval_sample a JOIN sampled_claim s ON s.sample_id = a.id JOIN claim c ON c.id = s.claim_id
           WHERE a.drawn_by = $1 AND a.selection_sha256 = $2 ORDER BY c.id""",
        *(principal.actor, sha256),
    )
    return Sample(rows[0]["public_id"], tuple(Drawn(row["reference"], row["looked"]) for row in rows))


_UNSEEN = "SELECT unseen FROM approval_tally WHERE approved_by = $1 AND day = $2"
_SEED = "SELECT seed FROM approval_sample WHERE drawn_by = $1 AND selection_sha256 = $2"
# The first so many by the seed: drawing more of a selection keeps those that were drawn.
_DRAW = """
INSERT INTO sampled_claim (sample_id, claim_id)
SELECT a.id, drawn FROM approval_sample a CROSS JOIN unnest($3::bigint[]) AS drawn
WHERE a.drawn_by = $1 AND a.selection_sha256 = $2 ORDER BY drawn ON CONFLICT (sample_id, claim_id) DO NOTHING
"""
