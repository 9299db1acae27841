"""Giving up a batch that is approved and cannot be paid: reversed in the books, its claims wait for another one.

预算法 and treasury practice: a voucher with a wrong amount or account is issued anew, never corrected.
"""

from app.core import audit, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.state import advance
from procurement.ledger import posting
from procurement.settlement import rules
from procurement.settlement.payout import locked_batch
from procurement.settlement.rules import BatchEvent, BatchStatus
from procurement.settlement.service import free_claims


async def revoke_batch(principal: Principal, batch_id: int) -> None:
    """Give up an approved batch before it is paid; the approver may."""
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_APPROVE)
        status = advance(rules.TRANSITIONS, BatchStatus(batch["status"]), BatchEvent.REVOKE)
        await posting.reverse_many(principal, "settlement_payment", await _payments(batch_id), "revoked")
        await free_claims(batch_id)
        await database.update_row("settlement_batch", batch_id, {"status": status.value})
        await audit.record(principal, "settlement.revoked", "settlement_batch", batch_id)


async def _payments(batch_id: int) -> list[int]:
    rows = await database.fetch("SELECT id FROM settlement_payment WHERE batch_id = $1 ORDER BY id", batch_id)
    return [row["id"] for row in rows]
