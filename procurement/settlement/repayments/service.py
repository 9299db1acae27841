"""Recording money that was given back, and confirming or refusing it: the books and the budget line take it in."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Pot, give_back, release
from procurement.claims.rules import TRANSITIONS as CLAIM_TRANSITIONS
from procurement.claims.rules import ClaimEvent, ClaimStatus
from procurement.ledger import posting
from procurement.ledger.rules import Entry, EntryKind, Posting, payable_account, treasury_account
from procurement.settlement.repayments import rules
from procurement.settlement.repayments.rules import TRANSITIONS, Received, RepaymentEvent, RepaymentStatus
from procurement.settlement.repayments.telling import tell_confirmed, tell_refused

GUARDS = {
    "deduction_repayment_of_open": rules.NotOpen,
    "deduction_repayment_whole": rules.NotWhole,
    "deduction_repayment_once": rules.AlreadyRecorded,
    "deduction_repayment_document_once": rules.DocumentUsed,
    "deduction_repayment_second_person": rules.OnePersonRepays,
}
# Given back to the treasury that paid the case; where a batch of somewhere else did, to that one.
_CLAIM = """
SELECT c.id, c.status, c.part, c.amount_fen, c.person_id, c.budget_line_id, place.code AS place_code,
       p.account_id AS payee_account, coalesce(deduction_given_back(c.id), false) AS given_back,
       coalesce(paid.place_id, district.id) AS treasury_id, coalesce(paid.code, district.code) AS treasury_code
FROM claim c JOIN place ON place.id = c.place_id JOIN place district ON district.code = left(place.code, 6)
JOIN person p ON p.id = c.person_id
LEFT JOIN LATERAL (
    SELECT b.place_id, at.code FROM claim base JOIN settlement_item i ON i.claim_id = base.id AND i.live
    JOIN settlement_batch b ON b.id = i.batch_id AND b.status = 'paid' JOIN place at ON at.id = b.place_id
    WHERE base.closed_case_id = c.closed_case_id AND base.amount_fen > 0 ORDER BY base.id LIMIT 1) AS paid ON true
WHERE c.reference = $1 FOR NO KEY UPDATE OF c
"""
_OPEN = """
SELECT r.id, r.public_id, r.claim_id, r.status, r.amount_fen, r.recorded_by FROM deduction_repayment r
JOIN claim c ON c.id = r.claim_id WHERE c.reference = $1 AND r.status = 'recorded' FOR NO KEY UPDATE OF r
"""


async def record_repayment(principal: Principal, reference: str, received: Received) -> None:
    """Record what a bank statement says was given back for a deduction; from now on no batch takes it.

    Raises NotOpen, NotWhole, AlreadyRecorded, DocumentUsed, OnePersonRepays.
    """
    scope = principal.scope(Permission.SETTLEMENT_PAY)
    if faults := rules.received_faults(received, clock.today()):
        raise InvalidInput(faults)
    async with database.refusing(GUARDS), transaction():
        claim = await database.fetch_one(_CLAIM, reference)
        if claim is None or not scope.covers_place(claim["place_code"]):
            raise NotFound
        values = {
            "claim_id": claim["id"], "amount_fen": received.amount_fen, "received_on": received.received_on,
            "document": received.document.strip(), "status": RepaymentStatus.RECORDED.value,
            "recorded_by": principal.actor, "recorded_at": clock.now(),
        }  # fmt: skip
        await database.insert_row("deduction_repayment", values)
        await audit.record(principal, "claim.repayment_recorded", "claim", claim["id"], fen=received.amount_fen)


async def confirm_repayment(principal: Principal, reference: str) -> int:
    """Confirm that the money is there, as a second person: the deduction is settled; return its amount in fen."""
    async with database.refusing(GUARDS), transaction():
        repayment, claim = await _decided(principal, reference, RepaymentEvent.CONFIRM, "")
        advance(CLAIM_TRANSITIONS, ClaimStatus(claim["status"]), ClaimEvent.REPAY)
        await database.update_row("claim", claim["id"], {"status": ClaimStatus.PAID.value, "reason": ""})
        await _book(principal, repayment, claim)
        await audit.record(principal, "claim.repaid", "claim", claim["id"], fen=repayment["amount_fen"])
        await tell_confirmed(claim["id"])
    return int(repayment["amount_fen"])


async def refuse_repayment(principal: Principal, reference: str, reason: str) -> None:
    """Say that the money is not there, and why; the deduction waits as before."""
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明理由，登记人会看到。"))})
    async with database.refusing(GUARDS), transaction():
        repayment, claim = await _decided(principal, reference, RepaymentEvent.REFUSE, reason.strip())
        await audit.record(principal, "claim.repayment_refused", "claim", claim["id"])
        await tell_refused(repayment["id"])


async def _decided(principal: Principal, reference: str, event: RepaymentEvent, reason: str) -> tuple[Row, Row]:
    """Decide what waits for a deduction; return the repayment and its claim, both locked, the claim first."""
    scope = principal.scope(Permission.SETTLEMENT_APPROVE)
    claim = await database.fetch_one(_CLAIM, reference)
    if claim is None or not scope.covers_place(claim["place_code"]):
        raise NotFound
    repayment = await database.fetch_one(_OPEN, reference)
    if repayment is None:
        raise NotFound
    if principal.account_id in (repayment["recorded_by"], claim["payee_account"]):
        raise rules.OnePersonRepays
    status = advance(TRANSITIONS, RepaymentStatus(repayment["status"]), event)
    values = {"status": status.value, "reason": reason, "decided_by": principal.actor, "decided_at": clock.now()}
    await database.update_row("deduction_repayment", repayment["id"], values)
    return repayment, claim


async def _book(principal: Principal, repayment: Row, claim: Row) -> None:
    """Book what arrived against what the payee owed; the line may use it, unless it had it back already."""
    fen, source = repayment["amount_fen"], MoneySource("deduction_repayment", repayment["id"])
    treasury = treasury_account(claim["treasury_id"], claim["treasury_code"])
    owed = payable_account(person_id=claim["person_id"])
    postings = (Posting(treasury.code, fen), Posting(owed.code, -fen))
    entry = Entry(f"return:repayment:{source.id}", clock.today(), EntryKind.RETURN, source.type, source.id, postings)
    await posting.post(principal, [treasury, owed], [entry])
    if not claim["given_back"]:
        line = claim["budget_line_id"]
        await movements.post_movements(
            principal, [give_back(line, fen, source, Pot.RESERVED), release(line, fen, source, Pot.RESERVED)]
        )
