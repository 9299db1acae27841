"""Judging claims: approve, return, reject. Approval reserves the money and books what is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Pot, release, reserve
from procurement.claims.cases.rules import WorthOfGrade
from procurement.claims.disputes.rules import DisputeOpen
from procurement.claims.doubles.rules import DoubleUndecided
from procurement.claims.queries import is_own
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from procurement.claims.sampling.rules import SampleNotDrawn
from procurement.ledger import posting
from procurement.ledger.rules import Entry, EntryKind, Posting, expense_account, payable_account
from procurement.payments.ending import AdvanceOffset, is_ended
from procurement.purchases.challenges import HELD
from procurement.separation import OnePersonOnMoney

GRADED = {"case_worth_its_grade": WorthOfGrade}
WAITS = {
    **HELD,
    "claim_double_undecided": DoubleUndecided,
    "claim_disputed": DisputeOpen,
    "approval_sample_looked_at": SampleNotDrawn,
}
_LOCKED = """
SELECT c.id, c.status, c.item, c.amount_fen, c.person_id, c.organization_id, c.contract_id,
       c.service_day, c.missing_documents, place.code AS place_code, p.account_id AS payee_account, k.recorded_by,
       (SELECT max(w.id) FROM approval_withdrawal w WHERE w.claim_id = c.id) AS withdrawal_id,
       CASE WHEN line.closing_id IS NULL OR c.amount_fen < 0 THEN line.id
            ELSE paying_line(line.id) END AS budget_line_id
FROM claim c JOIN place ON place.id = c.place_id JOIN budget_line line ON line.id = c.budget_line_id
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN closed_case k ON k.id = c.closed_case_id
WHERE c.id = ANY($1) ORDER BY c.id FOR NO KEY UPDATE OF c
"""

# What a closed year still has to judge is owed by the line that stands in for that year's; a deduction was its own.
_APPROVE = """
UPDATE claim SET status = $2, approved_by = $3, judged_by = $3, approved_at = $4,
                 budget_line_id = CASE WHEN line.closing_id IS NULL OR claim.amount_fen < 0 THEN line.id
                                       ELSE paying_line(line.id) END
FROM budget_line line WHERE line.id = claim.budget_line_id AND claim.id = ANY($1)
"""


class ClaimWorthNothing(DomainError):
    """A claim at zero is not approved; the reason must be mended first."""

    code, status, message = "claim_worth_nothing", 409, N_("金额为零的申领不能通过。请核对标准和材料后退回或驳回。")


class ReasonNeeded(DomainError):
    """Whoever sends a claim back says why."""

    code, status, message = "reason_needed", 422, N_("请写明理由，申领人会看到。")


@dataclass(frozen=True, slots=True)
class Approved:
    """How many claims were approved, and for how much."""

    count: int
    total_fen: int


async def approve_claims(principal: Principal, claim_ids: Iterable[int]) -> Approved:
    """Approve claims, all or none: reserve each on its budget line and book what is owed.

    Raises OnePersonOnMoney for one's own claim or a case one recorded, BudgetExceeded where a line cannot bear them,
    DoubleUndecided and DisputeOpen where somebody must decide first, SampleNotDrawn where they are many and nobody
    looked at those drawn.
    """
    async with transaction():
        claims = await _locked_claims(principal, claim_ids)
        for claim in claims:
            advance(TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.APPROVE)
            if claim["amount_fen"] == 0:
                raise ClaimWorthNothing
            if principal.account_id in (claim["payee_account"], claim["recorded_by"]):
                raise OnePersonOnMoney
        await _move(principal, claims, ClaimStatus.APPROVED)
        # A contract's money was committed with its signatures; a subsidy is set aside here. What is deducted sets free
        # what was spent, once it is deducted.
        await movements.post_movements(
            principal,
            [
                reserve(claim["budget_line_id"], claim["amount_fen"], _asks(claim))
                for claim in claims
                if claim["contract_id"] is None and claim["amount_fen"] > 0
            ],
        )
        await _book(principal, claims)
    return Approved(len(claims), sum(claim["amount_fen"] for claim in claims))


def _asks(claim: dict[str, Any]) -> MoneySource:
    """Return what asks for a claim's money: its approval, or that it is approved again after it was taken back."""
    withdrawal = claim["withdrawal_id"]
    return MoneySource("approval_withdrawal", withdrawal) if withdrawal else MoneySource("claim", claim["id"])


async def return_claim(principal: Principal, claim_id: int, reason: str) -> None:
    """Send a claim back with the reason."""
    await _judge(principal, claim_id, ClaimEvent.RETURN, reason)


async def reject_claim(principal: Principal, claim_id: int, reason: str) -> None:
    """Refuse a claim for good, with the reason."""
    await _judge(principal, claim_id, ClaimEvent.REJECT, reason)


async def resubmit_claim(principal: Principal, claim_id: int) -> None:
    """Hand in a returned claim again; only its payee may, or who acts for the organization that is paid."""
    principal.scope(Permission.CLAIM_SELF)
    async with transaction():
        claim = await database.fetch_one(_LOCKED, [claim_id])
        if claim is None or not is_own(principal, claim["payee_account"], claim["organization_id"]):
            raise NotFound
        status = advance(TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.RESUBMIT)
        await database.update_row("claim", claim_id, {"status": status.value, "reason": ""})
        await audit.record(principal, "claim.resubmitted", "claim", claim_id)


async def _judge(principal: Principal, claim_id: int, event: ClaimEvent, reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded
    async with database.refusing(GRADED), transaction():
        (claim,) = await _locked_claims(principal, [claim_id])
        status = advance(TRANSITIONS, ClaimStatus(claim["status"]), event)
        async with database.refusing({"advance_already_offset": AdvanceOffset}):
            values = {"status": status.value, "reason": reason.strip(), "judged_by": principal.actor}
            await database.update_row("claim", claim_id, values)
        if status is ClaimStatus.REJECTED:
            await _release(principal, claim)
        await audit.record(principal, f"claim.{status.value}", "claim", claim_id)


async def _release(principal: Principal, claim: dict[str, Any]) -> None:
    """Free what a contract had bound for a rejected claim.

    Without its advance a running contract pays its units in full: that money stays bound until the contract ends.
    """
    if claim["contract_id"] is None or (claim["item"] == "advance" and not await is_ended(claim["contract_id"])):
        return
    source = MoneySource("claim", claim["id"])
    freed = release(claim["budget_line_id"], claim["amount_fen"], source, Pot.COMMITTED)
    await movements.post_movements(principal, [freed])


async def _locked_claims(principal: Principal, claim_ids: Iterable[int]) -> list[dict[str, Any]]:
    scope = principal.scope(Permission.CLAIM_APPROVE)
    wanted = sorted(set(claim_ids))
    claims = await database.fetch(_LOCKED, wanted)
    if len(claims) < len(wanted):
        raise NotFound
    for code in {claim["place_code"] for claim in claims}:
        scope.require_place(code)
    return claims


async def _move(principal: Principal, claims: Sequence[dict[str, Any]], status: ClaimStatus) -> None:
    ids = [claim["id"] for claim in claims]
    async with database.refusing(WAITS):
        await database.execute(_APPROVE, ids, status.value, principal.actor, clock.now())
    await audit.record_many(principal, [audit.Entry(f"claim.{status.value}", "claim", one, {}) for one in ids])


async def _book(principal: Principal, claims: Sequence[dict[str, Any]]) -> None:
    accounts, entries = [], []
    for claim in claims:
        cost = expense_account(claim["budget_line_id"])
        owed = payable_account(person_id=claim["person_id"], organization_id=claim["organization_id"])
        accounts += [cost, owed]
        fen = claim["amount_fen"]
        postings = (Posting(cost.code, fen), Posting(owed.code, -fen))
        key = f"accrual:claim:{claim['id']}" + (f":{again}" if (again := claim["withdrawal_id"]) else "")
        entries.append(Entry(key, clock.today(), EntryKind.ACCRUAL, "claim", claim["id"], postings))
    await posting.post(principal, accounts, entries)
