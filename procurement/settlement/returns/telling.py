"""Telling who has to act on a returned payment: the payee about the account, finance about the next batch."""

from app.core import database
from app.core.access import Principal
from app.core.money import yuan
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many

_PAYEES = """
SELECT person.account_id, '/my/profile' AS link FROM settlement_payment pay JOIN person ON person.id = pay.person_id
WHERE pay.id = $1
UNION
SELECT m.account_id, '/my/organizations/' || o.public_id || '/edit'
FROM settlement_payment pay JOIN organization o ON o.id = pay.organization_id
JOIN membership m ON m.organization_id = o.id AND m.role = 'provider' AND m.valid_from <= now()
    AND (m.valid_until IS NULL OR m.valid_until > now())
WHERE pay.id = $1 ORDER BY 1
"""
_FINANCE = """
SELECT DISTINCT told.account_id, b.reference, pay.amount_fen
FROM settlement_payment pay JOIN settlement_batch b ON b.id = pay.batch_id,
    unnest(ARRAY[b.computed_by, b.approved_by, b.paid_by]) AS told (account_id)
WHERE pay.id = $1 ORDER BY told.account_id
"""


async def tell(principal: Principal, payment_id: int, line: int, reason: str) -> None:
    """Write to the payee, and to the three people of the batch but the one who records."""
    finance = await database.fetch(_FINANCE, payment_id)
    amount, reference = yuan(finance[0]["amount_fen"]), finance[0]["reference"]
    owed, booked = (
        N_("银行退回了付款%(amount)s，原因：%(reason)s。请更正收款账户，更正后重新付款。"),
        N_("批次%(batch)s第%(line)s笔被银行退回：%(amount)s，原因：%(reason)s。收款人更正账户后列入新批次。"),
    )
    to_payees = [
        Notice(
            row["account_id"], owed, {"amount": amount, "reason": reason}, (Channel.IN_APP, Channel.SMS), row["link"]
        )
        for row in await database.fetch(_PAYEES, payment_id)
    ]
    detail = {"batch": reference, "line": line, "amount": amount, "reason": reason}
    to_finance = [
        Notice(row["account_id"], booked, detail, link=f"/settlement/{reference}")
        for row in finance
        if row["account_id"] != principal.actor
    ]
    await notify_many([*to_payees, *to_finance])
