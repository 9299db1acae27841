"""A season of payments for the pages: an advance paid, a unit waiting for acceptance, a nudge, an advance to return."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role, system_principal
from procurement.claims.accrual import accrue
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.payments.nudges.service import nudge
from procurement.payments.rules import PaymentTerms
from tests.procurement import buying
from tests.procurement.payments.contracts import Deal, delivered_orders, signed


@dataclass(frozen=True)
class Season:
    """A running contract, one that ended early, and who looks at them."""

    deal: Deal
    ended: Deal
    nudge: UUID
    order: str
    supervisor: Principal


async def season() -> Season:
    """Walk one contract to its first acceptance and nudge; end another with an advance that nobody earned."""
    deal = await signed(PaymentTerms(30, ()), quantity=4)
    ended = await signed(PaymentTerms(30), quantity=4)
    await accrue(clock.now())
    for one in (deal, ended):
        await one.approve()
    await deal.pay()
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", ended.contract)
    later = clock.at_local(ends_on + timedelta(days=1), buying.time(1))
    deal.orders = await delivered_orders(deal, 2)
    await conclude_purchases(system_principal(), later)
    await deal.accept()
    # As if the work had been done a while ago: it waits, and may be nudged.
    await database.execute("UPDATE village_order SET wished_start = wished_start - interval '12 days'")
    await database.execute(
        "UPDATE claim SET accrued_at = accrued_at + interval '1 day' WHERE status = 'accrued'",
    )
    sent = await nudge(deal.who.provider, deal.reference)
    order = await database.fetch_value("SELECT reference FROM village_order WHERE id = $1", deal.orders[0])
    return Season(deal, ended, sent, order, await buying.person_as(Role.SUPERVISOR))


def paths(here: Season) -> dict[str, list[str]]:
    """Return the pages of payments by who looks at them."""
    page, contract = f"/payments/nudges/{here.nudge}", f"/contracts/{here.deal.reference}"
    return {
        "provider": ["/my/payments", "/my/contracts", contract, f"/orders/{here.order}"],
        "acceptor": [page, f"/orders/{here.order}", "/workbench"],
        "supervisor": ["/payments", contract],
        "cashier": ["/payments/returns", "/workbench"],
    }


def person(here: Season, role: str) -> Principal:
    """Return who looks."""
    known = {"supervisor": here.supervisor, "cashier": here.deal.cashier}
    return known.get(role) or getattr(here.deal.who, role)
