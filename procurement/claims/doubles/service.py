"""Deciding a pair: both are work of their own, or one of them is refused."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from procurement.claims.doubles import rules
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from procurement.claims.service import ReasonNeeded
from procurement.separation import OnePersonOnMoney

BOTH, ONE = "both", "one"
_PAIR = """
SELECT d.id, d.decision, d.claim_id, d.other_claim_id,
       ARRAY(SELECT place.code FROM claim c JOIN place ON place.id = c.place_id
             WHERE c.id IN (d.claim_id, d.other_claim_id)) AS codes,
       ARRAY(SELECT p.account_id FROM claim c JOIN person p ON p.id = c.person_id
             WHERE c.id IN (d.claim_id, d.other_claim_id)) AS payees
FROM claim_double d WHERE d.id = $1 FOR NO KEY UPDATE OF d
"""


async def decide(principal: Principal, double_id: int, reason: str, refuse: str = "") -> None:
    """Say that both stand, or refuse the claim with that reference; the reason is kept, the payee sees it."""
    if not reason.strip():
        raise ReasonNeeded
    async with transaction():
        pair = await _pair(principal, double_id)
        refused = await _refuse(principal, pair, refuse, reason.strip()) if refuse else None
        values = {
            "decision": ONE if refused else BOTH, "refused_claim_id": refused, "decided_by": principal.actor,
            "decided_at": clock.now(), "reason_zh": reason.strip(),
        }  # fmt: skip
        await database.update_row("claim_double", double_id, values)
        await audit.record(principal, "claim_double.decided", "claim_double", double_id, decision=values["decision"])


async def _pair(principal: Principal, double_id: int) -> Row:
    scope = principal.scope(Permission.CLAIM_APPROVE)
    pair = await database.fetch_one(_PAIR, double_id)
    if pair is None or not any(scope.covers_place(code) for code in pair["codes"]):
        raise NotFound
    if pair["decision"]:
        raise rules.DoubleDecided
    if principal.account_id in pair["payees"]:
        raise OnePersonOnMoney
    return pair


async def _refuse(principal: Principal, pair: Row, reference: str, reason: str) -> int:
    claim = await database.fetch_one(
        """SELECT c.id, c.status, place.code FROM claim c JOIN place ON place.id = c.place_id
           WHERE c.reference = $1 AND c.id = ANY ($2) FOR NO KEY UPDATE OF c""",
        reference,
        [pair["claim_id"], pair["other_claim_id"]],
    )
    if claim is None:
        raise NotFound
    principal.scope(Permission.CLAIM_APPROVE).require_place(claim["code"])
    if (ClaimStatus(claim["status"]), ClaimEvent.REJECT) not in TRANSITIONS:
        raise rules.DoubleIsPaid
    status = advance(TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.REJECT)
    values = {"status": status.value, "reason": reason, "judged_by": principal.actor}
    await database.update_row("claim", claim["id"], values)
    await audit.record(principal, "claim.rejected", "claim", claim["id"])
    return int(claim["id"])
