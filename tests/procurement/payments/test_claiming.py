"""Advances and milestones become claims, are paid by the same settlement, and tie out when a contract ends early."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import system_principal
from app.core.errors import InvalidInput
from procurement.blocks import Blocked
from procurement.claims.accrual import accrue
from procurement.claims.service import reject_claim
from procurement.contracts import service as contracts
from procurement.contracts.service import ContractOffer
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.demonstration import report
from procurement.payments.accrual import accrue_contracts
from procurement.payments.ending import AdvanceOffset, NothingToReturn, Received, return_advance
from procurement.payments.rules import PaymentTerms
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.payments.contracts import BAD, GOOD, PRICE, Deal, signed
from tests.refusals import refused


async def line() -> tuple[int, int, int]:
    row = await database.fetch_one("SELECT reserved_fen, committed_fen, spent_fen FROM budget_line")
    assert row is not None
    return row["reserved_fen"], row["committed_fen"], row["spent_fen"]


async def end(deal: Deal) -> dict[str, int]:
    """Let the contract's term run out."""
    ends_on = await database.fetch_value("SELECT ends_on FROM contract WHERE id = $1", deal.contract)
    return await conclude_purchases(system_principal(), clock.at_local(ends_on + timedelta(days=1), buying.time(1)))


async def test_the_advance_is_claimed_once_both_have_signed_and_offset_at_acceptance(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=3, delivered=3)
    assert (await accrue(clock.now())).orders == 1
    assert (await accrue(clock.now())).orders == 0
    assert await deal.amounts() == [("advance", 54_000)]
    await deal.approve()
    assert await deal.pay() == 54_000
    await deal.accept(3)
    assert await deal.amounts() == [("advance", 54_000)] + [("order", 42_000)] * 3
    trace = await database.fetch_value("SELECT trace::text FROM claim WHERE item = 'order' LIMIT 1")
    assert '"offset_fen": 18000' in trace
    await deal.approve()
    assert await deal.pay() == 126_000
    assert await line() == (0, 0, 180_000)
    assert await report.tied_out() == 180_000
    assert await conclude_purchases(system_principal(), clock.now()) == {"ended": 0, "paid": 1}


async def test_terms_are_judged_written_into_the_text_and_frozen(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase = await buying.approved_purchase(organization, who)
    today, last = clock.today(), clock.today() + timedelta(days=30)
    with pytest.raises(Blocked, match="预付款比例"):
        await contracts.offer_contracts(who.officer, [ContractOffer(purchase, today, last, PaymentTerms(40))])
    with pytest.raises(Blocked, match="付款节点"):
        await contracts.offer_contracts(who.officer, [ContractOffer(purchase, today, last, PaymentTerms(0, (60,)))])
    terms = PaymentTerms(30, (50, 100))
    [contract] = await contracts.offer_contracts(who.officer, [ContractOffer(purchase, today, last, terms)])
    text = await database.fetch_value("SELECT body_zh FROM contract WHERE id = $1", contract)
    assert "30%，计 1800.00 元" in text
    assert await database.fetch_value("SELECT advance_fen FROM payment_terms") == 180_000
    assert await accrue_contracts(clock.now()) == 0
    await contracts.sign_contracts(who.provider, [contract])
    for change in ("UPDATE payment_terms SET advance_percent = 10", "DELETE FROM payment_terms"):
        await refused("append_only", change)


async def test_units_are_claimed_together_at_each_milestone_and_the_rest_at_the_end(db: None) -> None:
    deal = await signed(PaymentTerms(30, (50, 100)), quantity=10, delivered=8)
    await deal.accept(4)
    assert await deal.amounts() == [("advance", 180_000)]
    await deal.accept(1)
    assert await deal.amounts() == [("advance", 180_000), ("milestone", 5 * 42_000)]
    await deal.accept(2)
    assert len(await deal.amounts()) == 2
    await deal.approve()
    await deal.pay()
    await deal.accept(1, BAD)
    assert await end(deal) == {"ended": 1, "paid": 0}
    assert (await deal.amounts())[-1] == ("final", 2 * 42_000)
    await deal.approve()
    await deal.pay()
    unearned = 3 * 18_000
    assert await line() == (0, 0, 7 * PRICE + unearned)
    assert await end(deal) == {"ended": 0, "paid": 0}
    assert await return_advance(deal.cashier, deal.reference, Received(clock.today(), "凭证 7")) == unearned
    assert await line() == (0, 0, 7 * PRICE)
    assert await report.tied_out() == 7 * PRICE
    assert await end(deal) == {"ended": 0, "paid": 1}


async def test_an_advance_comes_back_once_and_only_when_it_is_due(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=10, delivered=1)
    received = Received(clock.today(), "凭证 7")
    with pytest.raises(NothingToReturn):
        await return_advance(deal.cashier, deal.reference, received)
    await deal.accept()
    await end(deal)
    with pytest.raises(NothingToReturn):  # it is not paid yet
        await return_advance(deal.cashier, deal.reference, received)
    await deal.approve()
    await deal.pay()
    with pytest.raises(InvalidInput):
        await return_advance(deal.cashier, deal.reference, Received(clock.today(), " "))
    await refused(
        "advance_return_due",
        """INSERT INTO advance_return (contract_id, amount_fen, received_on, document, booked_by, booked_at)
           SELECT $1, 1, now(), 'x', min(id), now() FROM account""",
        deal.contract,
    )
    assert await return_advance(deal.cashier, deal.reference, received) == 9 * 18_000
    with pytest.raises(NothingToReturn):
        await return_advance(deal.cashier, deal.reference, received)
    assert await report.tied_out() == PRICE


async def test_an_advance_that_units_were_reduced_by_is_not_rejected(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=10, delivered=2)
    await deal.accept()
    [advance, _] = await deal.ids("accrued")
    with pytest.raises(AdvanceOffset):
        await reject_claim(deal.claims, advance, "不同意预付")


async def test_a_rejected_advance_leaves_the_units_at_their_price(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=10, delivered=2)
    await accrue(clock.now())
    [advance] = await deal.ids("accrued")
    await reject_claim(deal.claims, advance, "不同意预付")
    await deal.accept(2)
    assert await deal.amounts() == [("advance", 180_000), ("order", PRICE), ("order", PRICE)]
    assert await end(deal) == {"ended": 1, "paid": 0}
    assert await line() == (0, 2 * PRICE, 0)


RAW = [
    ("unit_payment_accepted", "INSERT INTO unit_payment (contract_id, village_order_id, price_fen, offset_fen, made_at)"
     " SELECT contract_id, id, 60000, 0, now() FROM village_order WHERE id = {order}"),
    ("contract_payment_as_agreed", "INSERT INTO contract_payment (contract_id, kind, percent, amount_fen, made_at) "
     "VALUES ({contract}, 'milestone', 50, 60000, now())"),
    ("contract_payment_once", "INSERT INTO contract_payment (contract_id, kind, percent, amount_fen, made_at) "
     "VALUES ({contract}, 'advance', 0, 180000, now())"),
    ("claim_payee_is_supplier", "UPDATE claim SET organization_id = {stranger} WHERE contract_id = {contract}"),
    ("claim_as_accepted", "UPDATE claim SET amount_fen = amount_fen + 1 WHERE item = 'advance'"),
    ("claim_as_accepted", "UPDATE claim SET amount_fen = amount_fen + 1 WHERE item = 'order'"),
    ("claim_of_contract", "UPDATE claim SET village_order_id = NULL WHERE item = 'order'"),
    ("payment_terms_frozen", "INSERT INTO payment_terms (contract_id, advance_percent, advance_fen, milestones) "
     "VALUES ({contract}, 50, 300000, '{{}}')"),
]  # fmt: skip


async def test_raw_sql_pays_nothing_beyond_what_was_agreed_and_accepted(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=10, delivered=3)
    await deal.accept(2)
    values = {"contract": deal.contract, "order": deal.orders[0], "stranger": await buying.organization()}
    for constraint, statement in RAW:
        await refused(constraint, statement.format(**values))


async def test_two_runs_at_once_make_one_advance(db: None) -> None:
    for _ in range(rounds(3, 100)):
        deal = await signed(PaymentTerms(30))
        counts = await asyncio.gather(*(accrue_contracts(clock.now()) for _ in range(5)))
        assert sum(counts) == 1
        assert await deal.amounts() == [("advance", 180_000)]


async def test_acceptance_while_a_milestone_is_claimed_loses_no_unit(db: None) -> None:
    for _ in range(rounds(2, 100)):
        deal = await signed(PaymentTerms(30, (50, 100)), quantity=4, delivered=4)
        acceptances = [accept_deliveries(deal.who.acceptor, [Verdict(order, GOOD)]) for order in deal.orders]
        await asyncio.gather(*acceptances, *(accrue_contracts(clock.now()) for _ in range(4)))
        await accrue_contracts(clock.now())
        assert sorted(await deal.amounts()) == [("advance", 72_000), ("milestone", 84_000), ("milestone", 84_000)]
        assert (
            await database.fetch_value("SELECT count(*) FROM unit_payment WHERE contract_id = $1", deal.contract) == 4
        )


async def test_raw_sql_claims_no_milestone_before_it_is_reached_and_no_rest_before_the_end(db: None) -> None:
    deal = await signed(PaymentTerms(0, (50, 100)), quantity=4, delivered=1)
    await deal.accept()
    for kind, percent in (("milestone", 50), ("milestone", 25), ("final", 100), ("advance", 0)):
        await refused(
            "contract_payment_as_agreed",
            """INSERT INTO contract_payment (contract_id, kind, percent, amount_fen, made_at)
               VALUES ($1, $2, $3, 60000, now())""",
            *(deal.contract, kind, percent),
        )


async def test_an_advance_rejected_before_the_last_units_are_claimed_leaves_their_money_bound(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=2, delivered=2)
    await accrue(clock.now())
    [advance] = await deal.ids("accrued")
    await accept_deliveries(deal.who.acceptor, [Verdict(order, GOOD) for order in deal.orders])
    await reject_claim(deal.claims, advance, "不同意预付")
    await accrue(clock.now())
    await deal.approve()
    assert await deal.pay() == 2 * PRICE
    assert await line() == (0, 0, 2 * PRICE)
