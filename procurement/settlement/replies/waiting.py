"""What waits on the cashier's workbench: batches that were sent to a bank and not answered."""

from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import day, localized
from procurement.settlement.replies.queries import unanswered


async def to_reconcile(principal: Principal) -> list[Waiting]:
    """Return the batches some of whose payments the bank neither confirmed nor returned for days, the oldest first."""
    if not principal.can(Permission.SETTLEMENT_PAY):
        return []
    return [
        Waiting(
            Tag("need", N_("银行没有回单")),
            Message(N_("%(place)s 批次 %(batch)s"), {"place": localized(row, "place"), "batch": row.batch}),
            Message(
                N_("%(day)s 交给银行，%(count)s 笔共 %(total)s 还没有结果"),
                {"day": day(row.paid_on), "count": row.payments, "total": yuan(row.total_fen)},
            ),
            Action(N_("去对账"), f"/settlement/{row.batch}/reconciliation"),
        )
        for row in await unanswered(principal)
    ]
