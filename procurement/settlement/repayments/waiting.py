"""What waits on the workbench: money that was given back and is to be confirmed."""

from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.settlement.repayments import queries


async def to_confirm(principal: Principal) -> list[Waiting]:
    """Return the repayments that wait for a second person, as one row."""
    if not principal.can(Permission.SETTLEMENT_APPROVE):
        return []
    count, fen = await queries.to_confirm(principal)
    if not count:
        return []
    return [
        Waiting(
            Tag("need", N_("需要确认")),
            Message(N_("%(count)s 笔现金退回等待确认"), {"count": count}),
            Message(N_("共 %(total)s，请对银行流水"), {"total": yuan(fen)}),
            Action(N_("去确认"), "/settlement/deductions"),
        )
    ]
