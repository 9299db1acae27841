"""Telling who has waited for the answer: the payee that the deduction is settled, the cashier that it is not."""

from app.core import database
from app.core.money import yuan
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many

_PAYEE = """
SELECT p.account_id, c.reference, c.amount_fen FROM claim c JOIN person p ON p.id = c.person_id WHERE c.id = $1
"""
_CASHIER = """
SELECT r.recorded_by AS account_id, c.reference, r.amount_fen, r.reason FROM deduction_repayment r
JOIN claim c ON c.id = r.claim_id WHERE r.id = $1
"""


async def tell_confirmed(claim_id: int) -> None:
    """Write to the payee that what they gave back is there."""
    row = await database.fetch_one(_PAYEE, claim_id)
    if row is None or not row["account_id"]:
        return
    said = N_("已收到你退回的%(amount)s，扣回 %(reference)s 结清，以后的付款不再扣。")
    values = {"amount": yuan(-row["amount_fen"]), "reference": row["reference"]}
    channels = (Channel.IN_APP, Channel.SMS)
    await notify_many([Notice(row["account_id"], said, values, channels, f"/claims/{row['reference']}")])


async def tell_refused(repayment_id: int) -> None:
    """Write to whoever recorded the money that it was not confirmed, and why."""
    row = await database.fetch_one(_CASHIER, repayment_id)
    assert row is not None  # noqa: S101 - the caller has just decided it
    said = N_("你登记的现金退回%(amount)s（%(reference)s）没有确认，原因：%(reason)s。核对后可以重新登记。")
    values = {"amount": yuan(row["amount_fen"]), "reference": row["reference"], "reason": row["reason"]}
    await notify_many([Notice(row["account_id"], said, values, link=f"/settlement/deductions/{row['reference']}")])
