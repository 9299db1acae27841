"""What waits on the workbench: districts to settle, batches to approve, batches to pay."""

from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from procurement.settlement.queries import BatchRow, unsettled, waiting_batches
from procurement.settlement.rules import BatchStatus

SHOWN = 5


async def to_compute(principal: Principal) -> list[Waiting]:
    """Return the districts with approved claims that no batch holds."""
    if not principal.can(Permission.SETTLEMENT_COMPUTE):
        return []
    return [
        Waiting(
            Tag("wait", N_("等待核算")),
            Message(N_("%(place)s：%(count)s 件待结算"), {"place": localized(row, "place"), "count": row.claims}),
            Message(N_("%(payees)s 位收款人，共 %(total)s"), {"payees": row.payees, "total": yuan(row.total_fen)}),
            Action(
                N_("预览批次"),
                f"/settlement/new?place={row.place_code}&period_from={row.first_day}&period_to={row.last_day}",
            ),
        )
        for row in [row for row in await unsettled(principal) if row.claims][:SHOWN]
    ]


async def to_approve(principal: Principal) -> list[Waiting]:
    """Return the batches that wait for this person's approval."""
    if not principal.can(Permission.SETTLEMENT_APPROVE):
        return []
    found = await waiting_batches(principal, Permission.SETTLEMENT_APPROVE, BatchStatus.COMPUTED)
    return [_batch(row, Tag("need", N_("需要复核")), N_("去复核")) for row in found]


async def to_pay(principal: Principal) -> list[Waiting]:
    """Return the batches that wait for this person to pay."""
    if not principal.can(Permission.SETTLEMENT_PAY):
        return []
    found = await waiting_batches(principal, Permission.SETTLEMENT_PAY, BatchStatus.APPROVED)
    return [_batch(row, Tag("need", N_("需要付款")), N_("去付款")) for row in found]


def _batch(row: BatchRow, tag: Tag, label: str) -> Waiting:
    return Waiting(
        tag,
        Message(N_("%(place)s 批次 %(batch)s"), {"place": localized(row, "place"), "batch": row.reference}),
        Message(
            N_("%(payments)s 笔付款，%(claims)s 件申领，共 %(total)s"),
            {"payments": row.payment_count, "claims": row.claim_count, "total": yuan(row.total_fen)},
        ),
        Action(label, f"/settlement/{row.reference}"),
    )
