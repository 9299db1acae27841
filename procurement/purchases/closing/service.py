"""Evaluating a purchase that is delivered and paid, and closing its file."""

from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from procurement import law
from procurement.blocks import require
from procurement.oversight.ratings.service import keep_evaluation
from procurement.purchases import guards
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent


async def rate_purchase(principal: Principal, purchase_id: int, evaluation_zh: str) -> None:
    """Write the performance evaluation of a purchase that is delivered and paid (令102 §20 †), with its figures."""
    require(guards.closing_blocks(evaluation_zh, await law.source(law.EVALUATION, clock.today())))
    async with transaction():
        await _finish(principal, purchase_id, PurchaseEvent.RATE, evaluation_zh=evaluation_zh.strip())
        await keep_evaluation(principal, purchase_id)


async def close_purchase(principal: Principal, purchase_id: int) -> None:
    """Close the file; it is kept for as long as 采购法 §42 says."""
    async with transaction():
        await _finish(principal, purchase_id, PurchaseEvent.CLOSE)


async def _finish(principal: Principal, purchase_id: int, event: PurchaseEvent, **written: Any) -> None:
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
    scope.require_place(row["place_code"])
    status = purchases.after(row, event)
    await database.update_row("purchase", purchase_id, {"status": status.value, **written})
    await purchases.record(principal, {purchase_id: status})
