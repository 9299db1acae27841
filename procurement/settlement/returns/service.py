"""Recording that the bank returned a line of its file: the books go back, the claims wait for another payment.

Nothing is edited: the payout and its instruction are reversed by their mirrors, and each claim's money waits again
where it came from. The database takes a payment's items for paid until such a record exists, whoever writes.
"""

from collections.abc import Sequence

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, Pot, give_back, reserve, spend
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from procurement.ledger import posting
from procurement.settlement.payout import locked_batch, pot_of
from procurement.settlement.returns.rules import BankReturn, return_faults
from procurement.settlement.returns.telling import tell
from procurement.settlement.rules import BatchStatus


class NotPaidYet(DomainError):
    """What was not paid does not come back."""

    code, status, message = "bank_return_of_paid", 409, N_("这个批次还没有付款，不会有银行退回。")


class AlreadyReturned(DomainError):
    """A payment comes back once; paid again it is another line of another file."""

    code, status, message = "bank_return_once", 409, N_("这一笔已经登记过银行退回。请刷新页面。")


async def record_return(principal: Principal, batch_id: int, returned: BankReturn) -> int:
    """Record a returned line of a paid batch and book it back; return its amount in fen."""
    async with transaction():
        return await take_return(
            principal, await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY), returned
        )


async def take_return(principal: Principal, batch: Row, returned: BankReturn) -> int:
    """Record and book back a line of a batch that the caller's transaction has locked; return its amount in fen."""
    if batch["status"] != BatchStatus.PAID:
        raise NotPaidYet
    payment = await database.fetch_one(_PAYMENT, batch["id"], returned.line - 1) if returned.line > 0 else None
    if payment is None:
        raise NotFound
    if faults := return_faults(returned, payment["paid_on"], clock.today()):
        raise InvalidInput(faults)
    await _record(principal, payment["id"], returned)
    await _take_back(principal, payment["id"], returned.reason.strip())
    await _book_back(principal, payment["id"])
    detail = {"line": returned.line, "fen": payment["amount_fen"]}
    await audit.record(principal, "settlement.returned", "settlement_batch", batch["id"], **detail)
    await tell(principal, payment["id"], returned.line, returned.reason.strip())
    return int(payment["amount_fen"])


async def _record(principal: Principal, payment_id: int, returned: BankReturn) -> None:
    async with database.refusing({"bank_return_once": AlreadyReturned}):
        await database.insert_row(
            "bank_return",
            {
                "payment_id": payment_id,
                "reason_zh": returned.reason.strip(),
                "document": returned.document.strip(),
                "returned_on": returned.returned_on,
                "recorded_by": principal.actor,
                "recorded_at": clock.now(),
            },
        )


async def _take_back(principal: Principal, payment_id: int, reason: str) -> None:
    """Let the payment's claims wait for another one with the bank's reason, and their money where it came from."""
    items = await database.fetch(_ITEMS, payment_id)
    for item in items:
        advance(TRANSITIONS, ClaimStatus(item["status"]), ClaimEvent.BANK_RETURN)
    await database.execute("UPDATE settlement_item SET live = false WHERE payment_id = $1", payment_id)
    await database.execute("UPDATE settlement_payment SET status = 'returned' WHERE id = $1", payment_id)
    ids = [item["claim_id"] for item in items]
    await database.execute("UPDATE claim SET status = 'returned_by_bank', reason = $2 WHERE id = ANY($1)", ids, reason)
    await _give_back(principal, items)
    await audit.record_many(principal, [audit.Entry("claim.returned_by_bank", "claim", one, {}) for one in ids])


async def _give_back(principal: Principal, items: Sequence[Row]) -> None:
    """Let the claims' money wait again; what was deducted was not, and is spent after all.

    That the money came back is a fact: where others have used what a deduction had set free, the line keeps what it was
    given back, and is given nothing when the deduction is made good (``deduction_given_back``).
    """
    owed = [item for item in items if item["amount_fen"] > 0]
    await movements.post_movements(
        principal,
        [
            give_back(
                item["charged_line"], item["amount_fen"], MoneySource("settlement_item", item["id"]), pot_of(item)
            )
            for item in owed
        ],
    )
    for item in [item for item in items if item["amount_fen"] < 0]:
        line, fen, source = item["budget_line_id"], -item["amount_fen"], MoneySource("settlement_item", item["id"])
        if await movements.has_room(line, fen):
            await movements.post_movements(
                principal, [reserve(line, fen, source), spend(line, fen, source, Pot.RESERVED)]
            )


async def _book_back(principal: Principal, payment_id: int) -> None:
    """Reverse what was booked for the payment, the latest first: owed again, the clearing account at zero."""
    booked: Sequence[Row] = await database.fetch(_BOOKED, payment_id)
    for row in booked:
        await posting.reverse(principal, row["id"], f"returned:{row['idempotency_key']}")


_PAYMENT = """
SELECT pay.id, pay.amount_fen, hangzhou_day(b.paid_at) AS paid_on
FROM settlement_payment pay JOIN settlement_batch b ON b.id = pay.batch_id
WHERE pay.batch_id = $1 ORDER BY pay.id OFFSET $2 LIMIT 1
"""
_ITEMS = """
SELECT i.id, i.claim_id, i.amount_fen, c.status, c.budget_line_id, c.contract_id IS NOT NULL AS bought,
       (SELECT m.budget_line_id FROM budget_movement m
        WHERE m.kind = 'spend' AND (m.source_type, m.source_id) IN (('settlement_item', i.id), ('claim', c.id))
        ORDER BY m.id DESC LIMIT 1) AS charged_line
FROM settlement_item i JOIN claim c ON c.id = i.claim_id
WHERE i.payment_id = $1 AND i.live ORDER BY c.id FOR NO KEY UPDATE OF c
"""
_BOOKED = """
SELECT id, idempotency_key FROM ledger_transaction
WHERE source_type = 'settlement_payment' AND source_id = $1 AND kind IN ('instruction', 'payout') ORDER BY id DESC
"""
