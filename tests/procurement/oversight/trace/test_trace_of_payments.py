"""Advances, milestones and what comes back of them hang below their purchase, and the sums meet at every level."""

from app.core import clock, database
from app.core.access import Role, system_principal
from procurement.claims.accrual import accrue
from procurement.contracts.terminations import service as terminations
from procurement.oversight.trace.lines import queries as lines
from procurement.oversight.trace.purchases import queries as purchases
from procurement.oversight.trace.works import queries as works
from procurement.payments.ending import Received, return_advance
from procurement.payments.rules import PaymentTerms
from tests.procurement import buying
from tests.procurement.payments.contracts import PRICE, signed
from tests.procurement.payments.test_ending_early import end_early


async def test_an_advance_a_final_payment_and_its_return_sum_up_to_what_the_line_spent(db: None) -> None:
    deal = await signed(PaymentTerms(30, (50, 100)), quantity=10, delivered=2)
    await accrue(clock.now())
    await deal.approve()
    await deal.pay()
    await deal.accept()
    await end_early(deal)
    await deal.accept()
    await terminations.settle_terminations(system_principal(), clock.now())
    await deal.approve()
    await deal.pay()
    back = await return_advance(deal.cashier, deal.reference, Received(clock.today(), "收款凭证 7"))
    reader = await buying.person_as(Role.SUPERVISOR, buying.CITY)
    found = await lines.line(reader, clock.today().year, buying.DISTRICT, "purchase")
    [row] = await lines.purchases(found.line.id, None, 50)
    assert (row.reserved_fen, row.committed_fen, row.spent_fen) == (0, 0, 2 * PRICE)
    assert (found.others, found.claims, found.below.spent) == ([], 0, found.line.amounts.spent)
    one = await purchases.purchase(reader, row.reference)
    assert [(pay.kind, pay.units, pay.paid_fen) for pay in one.payments] == [
        ("advance", 0, 180_000),
        ("final", 2, 2 * PRICE - 36_000),
    ]
    assert (one.paid_fen, one.returned_fen, one.moved.spent) == (2 * PRICE, back, 2 * PRICE)
    units = await purchases.units(one.id, None, 50)
    [final] = {unit.claim for unit in units}
    assert final == one.payments[1].claim
    unit = await works.unit(reader, units[0].reference)
    assert unit.claim == final
    claim = await works.claim(reader, str(final))
    assert claim.way.purchase == row.reference


async def test_every_claim_of_the_books_hangs_below_a_purchase_or_right_below_its_line(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=4, delivered=1)
    await deal.accept()
    reader = await buying.person_as(Role.SUPERVISOR, buying.CITY)
    found = await lines.line(reader, clock.today().year, buying.DISTRICT, "purchase")
    [row] = await lines.purchases(found.line.id, None, 50)
    one = await purchases.purchase(reader, row.reference)
    claimed = await database.fetch_value("SELECT sum(amount_fen) FROM claim")
    assert one.claimed_fen + found.claimed_fen == claimed
