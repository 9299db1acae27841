"""What payments add to other pages: the bars above a provider's contracts, one bar on a contract and on an order."""

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from app.web.slots import Fill
from procurement.payments.holding import queries
from procurement.payments.holding.bars import bars, print_of
from procurement.payments.holding.queries import Money
from procurement.payments.holding.wording import nudged_for
from procurement.payments.nudges.queries import NudgeView, escalated_nudges, waiting_nudges
from procurement.payments.returns import due_returns


async def on_contracts(principal: Principal) -> Fill | None:
    """Fill ``my_contracts.main``: who holds the money of each contract."""
    if not principal.can(Permission.ORDER_ANSWER):
        return None
    found = await bars(principal, await queries.of_provider(principal))
    if not found:
        return None
    return Fill("procurement/payments/bars.html", {"bars": found, "print": print_of(found, clock.today())})


async def on_contract(principal: Principal, contract_id: int) -> Fill | None:
    """Fill ``contract_page.main`` for the contract's parties."""
    if not any(principal.can(one) for one in (Permission.ORDER_ANSWER, *queries.OFFICERS)):
        return None
    money = await queries.of_contract_id(principal, contract_id)
    return await _one(principal, money, f"/contracts/{money.reference}" if money else "")


async def on_order(principal: Principal, order_id: int) -> Fill | None:
    """Fill ``order_page.main`` for the contract's parties."""
    found = await queries.of_order(principal, order_id)
    return await _one(principal, found[1], f"/orders/{found[0]}") if found else None


async def _one(principal: Principal, money: Money | None, back: str) -> Fill | None:
    found = await bars(principal, [money] if money else [])
    if not found:
        return None
    shown = {"bar": found[0], "print": print_of(found, clock.today()), "back": back}
    return Fill("procurement/payments/one.html", shown)


async def nudged(principal: Principal) -> list[Waiting]:
    """Return what a provider waits for at the person's offices, and what has waited too long where they supervise."""
    found = [_nudge(row, Tag("need", N_("催办"))) for row in await waiting_nudges(principal)]
    return found + [_nudge(row, Tag("need", N_("催办未动"))) for row in await escalated_nudges(principal)]


def _nudge(row: NudgeView, tag: Tag) -> Waiting:
    return Waiting(
        tag,
        nudged_for(row),
        Message(
            N_("%(title)s · %(place)s · 合同 %(contract)s"),
            {"title": localized(row, "title"), "place": localized(row, "place"), "contract": row.contract},
        ),
        Action(N_("去处理"), f"/payments/nudges/{row.public_id}"),
        row.sent_at,
    )


async def advances_to_return(principal: Principal) -> list[Waiting]:
    """Return the advances that a cashier has to get back."""
    if not principal.can(Permission.SETTLEMENT_PAY):
        return []
    due = await due_returns(principal)
    if not due:
        return []
    return [
        Waiting(
            Tag("wait", N_("应退预付款")),
            Message(N_("%(count)s 份合同有应退的预付款"), {"count": len(due)}),
            N_("合同已经结束，到账后登记。"),
            Action(N_("去登记"), "/payments/returns"),
        )
    ]
