"""After the last acceptance: purchases whose units are all accepted, contracts whose term is over, what is paid."""

from collections.abc import Sequence
from datetime import datetime

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row, transaction
from procurement.payments.ending import release_rests
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent, PurchaseStatus


async def conclude_purchases(principal: Principal, now: datetime) -> dict[str, int]:
    """End contracts whose term is over with nothing open, and note purchases whose accepted units are all paid.

    What was committed for units that nobody ordered or that were refused is free again.
    """
    async with transaction():
        ended = await _move(principal, await _ids(_ENDED, clock.local(now).date()), PurchaseEvent.ACCEPT)
        await release_rests(principal, [row["id"] for row in ended], now)
        paid = await _move(principal, await _ids(_PAID), PurchaseEvent.PAY)
        return {"ended": len(ended), "paid": len(paid)}


async def conclude_full(principal: Principal, purchase_ids: Sequence[int]) -> None:
    """Move purchases whose every unit is accepted, in the current transaction."""
    await _move(principal, await _ids(_FULL, list(purchase_ids)), PurchaseEvent.ACCEPT)


async def _ids(query: str, *values: object) -> list[int]:
    return [row["id"] for row in await database.fetch(query, *values)]


async def _move(principal: Principal, purchase_ids: Sequence[int], event: PurchaseEvent) -> list[Row]:
    """Lock purchases, move those that the event still applies to, and return them."""
    if not purchase_ids:
        return []
    locked = await purchases.lock_purchases(purchase_ids)
    moved: dict[int, PurchaseStatus] = {row["id"]: purchases.after(row, event) for row in locked.values()}
    await purchases.move(principal, moved)
    return list(locked.values())


_FULL = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.id = ANY($1) AND p.status = 'delivering' AND c.accepted = c.quantity + c.added
"""
# Locked in id order: another run of the job waits, and then finds nothing left to do.
_ENDED = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.status IN ('contracted', 'contract_published', 'delivering') AND c.ends_on < $1 AND NOT EXISTS (
    SELECT 1 FROM village_order o
    WHERE o.contract_id = c.id AND o.status IN ('placed', 'taken', 'scheduled', 'delivered'))
ORDER BY p.id FOR NO KEY UPDATE OF p
"""
_PAID = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.status = 'accepted' AND c.accepted = (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id)
  AND NOT EXISTS (SELECT FROM claim WHERE claim.contract_id = c.id AND claim.status NOT IN ('paid', 'rejected'))
  AND (unearned_advance(c.id) = 0 OR EXISTS (SELECT FROM advance_return r WHERE r.contract_id = c.id))
ORDER BY p.id FOR NO KEY UPDATE OF p
"""
