"""A contract ends early with an advance half earned: what is delivered is paid, the rest of the money goes home."""

from app.core import clock, database
from app.core.access import Role, system_principal
from procurement.claims.accrual import accrue
from procurement.contracts.terminations import service as terminations
from procurement.contracts.terminations.rules import Ground, Proposal
from procurement.payments.ending import Received, return_advance
from procurement.payments.rules import PaymentTerms
from tests.procurement import buying
from tests.procurement.payments.contracts import PRICE, Deal, signed

LINE = "SELECT reserved_fen, committed_fen, spent_fen FROM budget_line"


async def end_early(deal: Deal) -> None:
    """End the contract for the public interest, decided by another person."""
    proposal = Proposal(Ground.PUBLIC_INTEREST, "场所存在安全隐患")
    termination = await terminations.propose_termination(deal.who.officer, deal.contract, proposal)
    await terminations.decide(await buying.person_as(Role.APPROVER), termination)


async def bound() -> dict[str, int]:
    row = await database.fetch_one(LINE)
    assert row is not None
    return dict(row)


async def test_units_still_open_at_an_early_end_are_judged_and_paid_and_the_unearned_advance_comes_back(
    db: None,
) -> None:
    deal = await signed(PaymentTerms(30, (50, 100)), quantity=10, delivered=2)
    await accrue(clock.now())
    await deal.approve()
    assert await deal.pay() == 10 * PRICE * 30 // 100
    await deal.accept()
    await end_early(deal)
    assert await deal.amounts() == [("advance", 180_000)]
    assert await bound() == {"reserved_fen": 0, "committed_fen": 420_000, "spent_fen": 180_000}
    assert await terminations.settle_terminations(system_principal(), clock.now()) == {"settled": 0}
    await deal.accept()
    [_, (item, fen)] = await deal.amounts()
    offset = 2 * (180_000 // 10)
    assert (item, fen) == ("final", 2 * PRICE - offset)
    assert await terminations.settle_terminations(system_principal(), clock.now()) == {"settled": 1}
    assert await bound() == {"reserved_fen": 0, "committed_fen": fen, "spent_fen": 180_000}
    await deal.approve()
    await deal.pay()
    assert await bound() == {"reserved_fen": 0, "committed_fen": 0, "spent_fen": 180_000 + fen}
    back = await return_advance(deal.cashier, deal.reference, Received(clock.today(), "收款凭证 7"))
    assert back == 180_000 - offset
    assert await bound() == {"reserved_fen": 0, "committed_fen": 0, "spent_fen": 2 * PRICE}


async def test_with_nothing_delivered_the_whole_advance_comes_back(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=10)
    await accrue(clock.now())
    await deal.approve()
    await deal.pay()
    await end_early(deal)
    assert await bound() == {"reserved_fen": 0, "committed_fen": 0, "spent_fen": 180_000}
    assert await return_advance(deal.cashier, deal.reference, Received(clock.today(), "收款凭证 8")) == 180_000
    assert await bound() == {"reserved_fen": 0, "committed_fen": 0, "spent_fen": 0}
