"""Taking approvals back: the claims are rejected, their entries reversed, their budget is free, their payee is told."""

from collections.abc import Sequence

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Pot, release
from procurement.claims.cases.rules import WorthOfGrade
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from procurement.claims.withdrawals import rules
from procurement.claims.withdrawals.telling import tell
from procurement.ledger import posting

GUARDS = {
    "approval_withdrawal_of_approved": rules.NotWithdrawable,
    "approval_withdrawal_of_unfit": rules.PayeeIsFit,
    "approval_withdrawal_by_another": rules.ApproverTakesBack,
    "case_worth_its_grade": WorthOfGrade,
}
_LOCKED = """
SELECT c.id, c.reference, c.status, c.amount_fen, c.approved_by, c.budget_line_id, place.code AS place_code,
       p.account_id AS payee_account,
       (SELECT u.ground FROM unfit_payee u WHERE u.person_id = c.person_id ORDER BY u.ground LIMIT 1) AS ground
FROM claim c JOIN place ON place.id = c.place_id LEFT JOIN person p ON p.id = c.person_id
WHERE c.id = ANY ($1) ORDER BY c.id FOR NO KEY UPDATE OF c
"""
_RECORD = """
INSERT INTO approval_withdrawal (claim_id, approved_by, ground, reason_zh, withdrawn_by, withdrawn_at)
SELECT d.claim_id, d.approved_by, d.ground, $4, $5, $6
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS d (claim_id, approved_by, ground)
ORDER BY d.claim_id RETURNING id, claim_id
"""


async def take_back(principal: Principal, claim_ids: Sequence[int], reason: str) -> int:
    """Take the approval of claims back, all or none, with the reason that their payees read; return how many.

    Raises ApproverTakesBack for one's own approval or money, PayeeIsFit where nothing bars the payee, NotWithdrawable
    for what is not approved and unpaid.
    """
    principal.scope(Permission.CLAIM_APPROVE)
    said = reason.strip()
    if not said:
        raise InvalidInput({"reason": Message(N_("请写明理由，申领人会看到。"))})
    async with database.refusing(GUARDS), transaction():
        claims = await _locked(principal, claim_ids)
        for claim in claims:
            _require_another(principal, claim)
        await _record(principal, claims, said)
        await tell(claims, said)
    return len(claims)


async def _locked(principal: Principal, claim_ids: Sequence[int]) -> Sequence[Row]:
    scope = principal.scope(Permission.CLAIM_APPROVE)
    wanted = sorted(set(claim_ids))
    claims = await database.fetch(_LOCKED, wanted)
    if not wanted or len(claims) < len(wanted):
        raise NotFound
    for claim in claims:
        scope.require_place(claim["place_code"])
    return claims


def _require_another(principal: Principal, claim: Row) -> None:
    advance(TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.TAKE_BACK)
    if claim["ground"] is None:
        raise rules.PayeeIsFit
    if principal.account_id in (claim["approved_by"], claim["payee_account"]):
        raise rules.ApproverTakesBack


async def _record(principal: Principal, claims: Sequence[Row], reason: str) -> None:
    """Write down who took what back, and undo the approval in the books, in the budget and on the claim."""
    ids = [claim["id"] for claim in claims]
    turned = database.columns([(one["id"], one["approved_by"], one["ground"]) for one in claims], 3)
    rows = await database.fetch(_RECORD, *turned, reason, principal.actor, clock.now())
    made = {row["claim_id"]: row["id"] for row in rows}
    await database.execute(
        "UPDATE claim SET status = 'rejected', reason = $2, judged_by = $3 WHERE id = ANY ($1)",
        *(ids, reason, principal.actor),
    )
    await posting.reverse_many(principal, "claim", ids, "withdrawn")
    await movements.post_movements(
        principal,
        [
            release(
                one["budget_line_id"], one["amount_fen"], MoneySource("approval_withdrawal", made[one["id"]]),
                Pot.RESERVED,
            )
            for one in claims
        ],
    )  # fmt: skip
    await audit.record_many(principal, [audit.Entry("claim.approval_withdrawn", "claim", one, {}) for one in ids])
