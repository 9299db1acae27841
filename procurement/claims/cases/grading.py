"""What a grade does to the money of a case (司发通〔2019〕27号); nothing that was approved is edited.

Where the grade brings more, the rest becomes a further claim. Where it brings less: a claim that nobody approved is
rejected, one that is approved and waits for a run is reversed in the books, and the case is claimed anew; what a batch
holds or has paid is made good by a claim below zero, which the next payment of the same budget line deducts.
"""

from collections.abc import Sequence
from datetime import datetime

from app.core import audit, database
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import DomainError
from app.core.money import plain_yuan
from app.core.state import advance
from app.core.text import N_
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Pot, release
from procurement.claims import caps
from procurement.claims.cases import telling
from procurement.claims.cases.accrual import DEDUCTION, QUALITY, claim_row, insert, priced
from procurement.claims.cases.pricing import CASE
from procurement.claims.cases.rules import balance
from procurement.claims.pricing import FAMILY, set_on
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from procurement.ledger import posting
from procurement.tariffs.engine.model import Result, Step
from procurement.tariffs.queries import PublishedSet, published_sets

UNAPPROVED = (ClaimStatus.ACCRUED, ClaimStatus.HELD, ClaimStatus.RETURNED)
UNPAID = (ClaimStatus.APPROVED, ClaimStatus.RETURNED_BY_BANK)
OVER = (ClaimStatus.REJECTED, ClaimStatus.REVERSED)
GRADED_DOWN = N_("质量评定后金额减少，结案时的申领撤销，按评定结果重新申领。")
_CLAIMS = """
SELECT id, reference, status, amount_fen, missing_documents, budget_line_id FROM claim
WHERE closed_case_id = $1 ORDER BY id FOR NO KEY UPDATE
"""


async def settle(principal: Principal, case_id: int, now: datetime) -> None:
    """Claim, reverse or deduct what a graded case brings besides what it brought, in the current transaction."""
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
    before = _living_fen(claims)
    claimed = before
    if result.fen < before:
        claimed -= await _reject(principal, claims, GRADED_DOWN) + await _reverse(principal, claims)
    await _claim(case, chosen, result, claimed, now)
    if result.fen < before:
        await telling.graded_down(case_id, before, result.fen)


async def reject_unapproved(principal: Principal, case_id: int, reason: str, refusal: type[DomainError]) -> None:
    """Reject a case's claims for a reason; refuse where one went further."""
    claims = await database.fetch(_CLAIMS, case_id)
    if any(ClaimStatus(claim["status"]) not in (*UNAPPROVED, *OVER) for claim in claims):
        raise refusal
    await _reject(principal, claims, reason)


async def _claim(case: Row, chosen: PublishedSet, result: Result, claimed_fen: int, now: datetime) -> None:
    """Claim the difference between what the case is worth and what of it lives: more, or less than nothing."""
    rest = balance(result.fen, claimed_fen)
    if rest:
        part = QUALITY if rest > 0 else DEDUCTION
        await insert([claim_row(case, part, chosen, _rest(result, claimed_fen, rest))], now)


async def _reject(principal: Principal, claims: Sequence[Row], reason: str) -> int:
    """Reject those that nobody approved; return the fen that no longer count."""
    open_ones = _in(claims, UNAPPROVED)
    ids = [claim["id"] for claim in open_ones]
    await database.execute("UPDATE claim SET status = 'rejected', reason = $2 WHERE id = ANY ($1)", ids, reason)
    await audit.record_many(principal, [audit.Entry("claim.rejected", "claim", one, {}) for one in ids])
    return sum(claim["amount_fen"] for claim in open_ones)


async def _reverse(principal: Principal, claims: Sequence[Row]) -> int:
    """Reverse those that are approved and in no batch, in the books and in their budget; return their fen."""
    unpaid = _in(claims, UNPAID)
    for claim in unpaid:
        advance(TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.REVERSE)
    ids = [claim["id"] for claim in unpaid]
    await posting.reverse_many(principal, "claim", ids, "graded")
    freed = [
        release(one["budget_line_id"], one["amount_fen"], MoneySource("claim", one["id"]), Pot.RESERVED)
        for one in unpaid
    ]
    await movements.post_movements(principal, freed)
    await database.execute("UPDATE claim SET status = 'reversed', reason = $2 WHERE id = ANY ($1)", ids, GRADED_DOWN)
    await audit.record_many(principal, [audit.Entry("claim.reversed", "claim", one, {}) for one in ids])
    return sum(claim["amount_fen"] for claim in unpaid)


def _in(claims: Sequence[Row], states: Sequence[ClaimStatus]) -> list[Row]:
    return [claim for claim in claims if ClaimStatus(claim["status"]) in states]


def _living_fen(claims: Sequence[Row]) -> int:
    return sum(claim["amount_fen"] for claim in claims if ClaimStatus(claim["status"]) not in OVER)


def _rest(result: Result, claimed_fen: int, rest_fen: int) -> Result:
    if not claimed_fen:
        return result
    steps = [step for step in result.trace if step.key != "total"]
    steps += [
        Step("worth", {"amount": plain_yuan(result.fen)}),
        Step("earlier", {"amount": plain_yuan(claimed_fen)}),
        Step("total" if rest_fen > 0 else "take_back", {"amount": plain_yuan(abs(rest_fen))}),
    ]
    return Result(fen=rest_fen, trace=tuple(steps), set_sha256=result.set_sha256)
