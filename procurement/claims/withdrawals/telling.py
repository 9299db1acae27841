"""Telling payees that an approval was taken back, and why."""

from collections.abc import Sequence

from app.core.database import Row
from app.core.money import yuan
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many


async def tell(claims: Sequence[Row], reason: str) -> None:
    """Write to the payee of each claim; its page is where they may object."""
    said = N_(
        "补贴 %(reference)s（%(amount)s）的审核通过被撤回，不付款。原因：%(reason)s。不同意的，可以在申领页提出异议。"
    )
    await notify_many(
        [
            Notice(
                one["payee_account"],
                said,
                {"reference": one["reference"], "amount": yuan(one["amount_fen"]), "reason": reason},
                (Channel.IN_APP, Channel.SMS),
                f"/claims/{one['reference']}",
            )
            for one in claims
            if one["payee_account"]
        ]
    )
