"""What contracts pay in advance or together is neither work paid twice nor work paid before it was done."""

from app.core import clock, database
from procurement.claims.accrual import accrue
from procurement.oversight.flags.rules import FlagKind
from procurement.oversight.flags.service import look
from procurement.payments.rules import PaymentTerms
from tests.procurement.oversight.flags.looked import standing
from tests.procurement.payments.contracts import signed


async def test_an_advance_and_milestones_paid_as_agreed_raise_no_flag(db: None) -> None:
    for terms in (PaymentTerms(30, (50, 100)), PaymentTerms(30)):
        deal = await signed(terms, quantity=2, delivered=2)
        await accrue(clock.now())
        await deal.approve()
        await deal.pay()
        await deal.accept(2)
        await deal.approve()
        await deal.pay()
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'paid'") == 6
    await look(clock.now())
    for kind in (FlagKind.PAID_EARLY, FlagKind.BILLED_TWICE):
        assert await standing(kind) == []
