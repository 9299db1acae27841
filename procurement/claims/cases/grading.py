"""What a grade does to the money of a case: a further claim, or an unapproved base rejected and claimed anew.

What was approved is never edited: where the grade brings less than what was approved, the difference is shown to the
officer, who corrects it by a reversing entry.
"""

from collections.abc import Sequence
from datetime import datetime

from app.core import audit, database
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import DomainError
from app.core.money import plain_yuan
from app.core.text import N_
from procurement.claims import caps
from procurement.claims.cases.accrual import QUALITY, claim_row, insert, priced
from procurement.claims.cases.pricing import CASE
from procurement.claims.cases.rules import instalment
from procurement.claims.pricing import FAMILY, set_on
from procurement.claims.rules import ClaimStatus
from procurement.tariffs.engine.model import Result, Step
from procurement.tariffs.queries import published_sets

UNAPPROVED = (ClaimStatus.ACCRUED, ClaimStatus.HELD, ClaimStatus.RETURNED)
OVER = (ClaimStatus.REJECTED, ClaimStatus.REVERSED)
GRADED_DOWN = N_("质量评定后金额减少，结案时的申领撤销，按评定结果重新申领。")
_CLAIMS = """
SELECT id, status, amount_fen, missing_documents FROM claim
WHERE closed_case_id = $1 ORDER BY id FOR NO KEY UPDATE
"""


async def settle(principal: Principal, case_id: int, now: datetime) -> None:
    """Claim what a graded case brings besides its base, in the current transaction."""
    case = await database.fetch_one(CASE, case_id)
    chosen = set_on(await published_sets(FAMILY), case["closed_on"]) if case else None
    if case is None or chosen is None:
        return
    claims = await database.fetch(_CLAIMS, case_id)
    await caps.one_at_a_time([chosen.tariff])
    result = await priced(case, chosen, caps.Used())
    if result.missing or not claims:
        return  # the base is completed, or claimed, with the grade
    await database.update_row("closed_case", case_id, {"graded_fen": result.fen})
    claimed = sum(claim["amount_fen"] for claim in claims if ClaimStatus(claim["status"]) not in OVER)
    if result.fen < claimed:
        claimed -= await _reject(principal, claims, GRADED_DOWN)
    rest = instalment(result.fen, claimed)
    if rest:
        await insert([claim_row(case, QUALITY, chosen, _rest(result, claimed, rest))], now)


async def reject_unapproved(principal: Principal, case_id: int, reason: str, refusal: type[DomainError]) -> None:
    """Reject a case's claims for a reason; refuse where one went further."""
    claims = await database.fetch(_CLAIMS, case_id)
    if any(ClaimStatus(claim["status"]) not in (*UNAPPROVED, *OVER) for claim in claims):
        raise refusal
    await _reject(principal, claims, reason)


async def _reject(principal: Principal, claims: Sequence[Row], reason: str) -> int:
    """Reject those that nobody approved; return the fen that no longer count."""
    open_ones = [claim for claim in claims if ClaimStatus(claim["status"]) in UNAPPROVED]
    ids = [claim["id"] for claim in open_ones]
    await database.execute("UPDATE claim SET status = 'rejected', reason = $2 WHERE id = ANY ($1)", ids, reason)
    await audit.record_many(principal, [audit.Entry("claim.rejected", "claim", one, {}) for one in ids])
    return sum(claim["amount_fen"] for claim in open_ones)


def _rest(result: Result, claimed_fen: int, rest_fen: int) -> Result:
    if not claimed_fen:
        return result
    steps = [step for step in result.trace if step.key != "total"]
    steps += [
        Step("earlier", {"amount": plain_yuan(claimed_fen)}),
        Step("total", {"amount": plain_yuan(rest_fen)}),
    ]
    return Result(fen=rest_fen, trace=tuple(steps), set_sha256=result.set_sha256)
