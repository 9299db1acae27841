"""A budget year is closed by two people, once: what is free lapses, what is bound goes over into the next line."""

import asyncio

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotFound, NotPermitted, SamePersonRefused
from procurement.blocks import Blocked
from procurement.budgets import service as budgets
from procurement.budgets.rules import Amounts, MoneySource, reserve
from procurement.budgets.service import NewLine
from procurement.budgets.year_ends.figures import year_end
from procurement.budgets.year_ends.service import (
    FiguresMoved,
    NotPrepared,
    YearAlreadyClosed,
    close_year,
    prepare_year,
)
from procurement.ledger import queries as ledger
from procurement.ledger.balances import drifts
from procurement.payments.rules import PaymentTerms
from procurement.settlement.payout import pay_batch
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts, post
from tests.procurement.budgets.year_ends.ended import Closers, after, closed, closers, line_of, months_closed
from tests.procurement.payments.contracts import PRICE, bank_account, signed


async def whole(who: Closers, year: int) -> list[str]:
    """Return the codes of what stands in the way of closing the district's year."""
    return [block.code for block in (await year_end(buying.DISTRICT, year)).blocks]


async def test_what_nobody_bound_lapses_and_what_a_contract_binds_goes_over(db: None) -> None:
    here = await buying.organization()
    who, year = await closers(), clock.today().year
    await buying.signed_contract(here, await buying.people(here), quantity=10)
    line = await line_of(year)
    bound = await amounts(line)
    assert bound.committed > 0
    with after(year):
        await closed(who, year)
        rest = bound.approved - bound.committed
        assert await amounts(line) == Amounts(bound.approved, closed=bound.approved)
        following = await line_of(year + 1)
        assert await amounts(following) == Amounts(bound.committed, committed=bound.committed)
    row = await database.fetch_one("SELECT lapsed_fen, carried_fen FROM year_closing_line")
    assert row == {"lapsed_fen": rest, "carried_fen": bound.committed}
    codes = "SELECT functional_code, economic_code, programme_id, place_id, fund FROM budget_line WHERE id = $1"
    assert await database.fetch_one(codes, line) == await database.fetch_one(codes, following)


async def test_the_books_say_what_lapsed_and_what_went_over(db: None) -> None:
    here = await buying.organization()
    who, year = await closers(), clock.today().year
    await buying.signed_contract(here, await buying.people(here), quantity=10)
    line = await line_of(year)
    bound = await amounts(line)
    with after(year):
        await closed(who, year)
    carried, lapsed = bound.committed, bound.approved - bound.committed
    balances = {one.code: one.balance_fen for one in await ledger.trial_balance()}
    assert balances[f"yearend:line:{line}"] == bound.approved
    assert balances[f"yearend:line:{await line_of(year + 1)}"] == -carried
    assert balances[f"lapsed:{buying.DISTRICT}"] == -lapsed
    assert sum(balances.values()) == 0
    assert await drifts() == []
    placed = "SELECT count(*) FROM ledger_transaction WHERE kind IN ('lapse', 'carry_over') AND place_id = $1"
    assert await database.fetch_value(placed, await buying.place_id(buying.DISTRICT)) == 2


async def test_a_carried_contract_goes_on_being_delivered_and_paid_from_the_new_line(db: None) -> None:
    deal = await signed(PaymentTerms(0), quantity=6, delivered=5)
    who, year = await closers(), clock.today().year
    await deal.accept(2)
    await deal.approve()
    assert await deal.pay() == 2 * PRICE
    await deal.accept(1)
    await deal.approve()  # owed when the year ends
    await deal.accept(1)  # not judged yet when it ends
    line = await line_of(year)
    approved = (await amounts(line)).approved
    with after(year):
        await closed(who, year)
        following = await line_of(year + 1)
        assert await amounts(line) == Amounts(approved, spent=2 * PRICE, closed=approved - 2 * PRICE)
        assert await amounts(following) == Amounts(4 * PRICE, committed=4 * PRICE)
        await deal.accept(1)
        await deal.approve()
        assert await deal.pay() == 3 * PRICE
        assert await amounts(following) == Amounts(4 * PRICE, committed=PRICE, spent=3 * PRICE)
        assert await amounts(line) == Amounts(approved, spent=2 * PRICE, closed=approved - 2 * PRICE)
    owed_by = "SELECT count(*) FROM claim WHERE budget_line_id = $1"
    assert await database.fetch_value(owed_by, line) == 3  # approved in the old year: its cost is booked there
    assert await database.fetch_value(owed_by, following) == 2
    assert sum(one.balance_fen for one in await ledger.trial_balance()) == 0


async def test_what_the_bank_returns_of_a_closed_year_arrives_in_the_new_line_and_is_paid_again(db: None) -> None:
    deal = await signed(PaymentTerms(0), quantity=3, delivered=1)
    who, year = await closers(), clock.today().year
    await deal.accept()
    await deal.approve()
    assert await deal.pay() == PRICE
    batch = await database.fetch_value("SELECT id FROM settlement_batch")
    with after(year):
        await closed(who, year)
        old, following = await amounts(await line_of(year)), await line_of(year + 1)
        assert await amounts(following) == Amounts(2 * PRICE, committed=2 * PRICE)
        await record_return(deal.cashier, batch, BankReturn(1, "账号不符", clock.today(), "退汇 1"))
        assert await amounts(following) == Amounts(3 * PRICE, committed=3 * PRICE)
        await bank_account(deal.organization)
        assert await deal.pay() == PRICE
        assert await amounts(following) == Amounts(3 * PRICE, committed=2 * PRICE, spent=PRICE)
        assert await amounts(await line_of(year)) == old
    assert sum(one.balance_fen for one in await ledger.trial_balance()) == 0


async def test_a_donors_money_never_lapses(db: None) -> None:
    who, year = await closers(), clock.today().year
    line = await buying.budget_line(9_000, programme="donation")
    fiscal = await buying.budget_line(5_000, programme="expenses")
    with after(year):
        await closed(who, year)
        assert await amounts(line) == Amounts(9_000, closed=9_000)
        assert await amounts(await line_of(year + 1, "donation")) == Amounts(9_000)
        assert await amounts(fiscal) == Amounts(5_000, closed=5_000)
        assert await amounts(await line_of(year + 1, "expenses")) == Amounts()


async def test_what_went_over_twice_lapses_at_the_third_end_though_a_contract_binds_it(db: None) -> None:
    here = await buying.organization()
    who, year = await closers(), clock.today().year
    await buying.signed_contract(here, await buying.people(here), quantity=3)
    await buying.budget_line(700, programme="donation")
    for passed in (0, 1, 2):
        with after(year + passed):
            await closed(who, year + passed)
    fates = "SELECT i.fate FROM year_closing_item i WHERE i.pot = $1 ORDER BY i.id"
    assert [row["fate"] for row in await database.fetch(fates, "committed")] == ["carried", "carried", "lapsed"]
    assert await amounts(await line_of(year + 3)) == Amounts()
    assert await amounts(await line_of(year + 3, "donation")) == Amounts(700)


async def test_one_person_prepares_and_another_closes_once(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)
    with after(year):
        await months_closed(who, year)
        with pytest.raises(NotPrepared):
            await close_year(who.approver, year, buying.DISTRICT)
        await prepare_year(who.officer, year, buying.DISTRICT)
        with pytest.raises(SamePersonRefused):
            await close_year(buying.acting(who.officer.actor, Role.APPROVER, buying.CITY), year, buying.DISTRICT)
        await close_year(who.approver, year, buying.DISTRICT)
        for again in (
            prepare_year(who.officer, year, buying.DISTRICT),
            close_year(who.approver, year, buying.DISTRICT),
        ):
            with pytest.raises(YearAlreadyClosed):
                await again
    assert await database.fetch_value("SELECT count(*) FROM year_closing_line") == 1


async def test_officers_close_the_years_of_their_own_places(db: None) -> None:
    year = clock.today().year
    await buying.budget_line(1_000)
    elsewhere = [
        await buying.person_as(role, buying.OTHER_DISTRICT) for role in (Role.PROCUREMENT_OFFICER, Role.APPROVER)
    ]
    with after(year):
        with pytest.raises(NotPermitted):
            await prepare_year(elsewhere[0], year, buying.DISTRICT)
        with pytest.raises(NotPermitted):
            await close_year(elsewhere[1], year, buying.DISTRICT)
        with pytest.raises(NotFound):
            await prepare_year(elsewhere[0], year, buying.OTHER_DISTRICT)


async def test_money_that_moved_since_the_preparation_is_looked_at_again(db: None) -> None:
    who, year = await closers(), clock.today().year
    deal = await signed(PaymentTerms(0), quantity=2, delivered=1)
    await deal.accept(1)
    await deal.approve()
    with after(year):
        await months_closed(who, year)
        await prepare_year(who.officer, year, buying.DISTRICT)
        await deal.pay()
        with pytest.raises(FiguresMoved):
            await close_year(who.approver, year, buying.DISTRICT)
        await prepare_year(who.officer, year, buying.DISTRICT)
        await close_year(who.approver, year, buying.DISTRICT)
        assert (await amounts(await line_of(year + 1))).committed == PRICE
    states = [row["status"] for row in await database.fetch("SELECT status FROM year_closing ORDER BY id")]
    assert states == ["dropped", "closed"]


async def test_everything_that_stands_in_the_way_is_named(db: None) -> None:
    who, year = await closers(), clock.today().year
    deal = await signed(PaymentTerms(0), quantity=2, delivered=1)
    await deal.accept(1)
    await deal.approve()
    assert await whole(who, year) == ["year_still_runs", "year_months_open"]
    with pytest.raises(Blocked, match=f"{year} 年还没有结束"):
        await prepare_year(who.officer, year, buying.DISTRICT)
    organization = await buying.organization()
    await buying.reserved_purchase(organization, await buying.people(organization), quantity=1)
    with after(year):
        assert await whole(who, year) == ["year_months_open", "purchase_undecided"]
        [months, undecided] = (await year_end(buying.DISTRICT, year)).blocks
        assert str(months.value) == f"{clock.now().replace(year=year):%Y}-" + str(months.value)[5:]
        reference = await database.fetch_value("SELECT reference FROM purchase WHERE status = 'reserved'")
        assert str(undecided.reason.values["reference"]).endswith(f"（{reference}）")
        await months_closed(who, year)
        with pytest.raises(Blocked, match=f"采购 民法典进村社.*（{reference}） 预留了金额，还没有签订合同"):
            await prepare_year(who.officer, year, buying.DISTRICT)
    assert await database.fetch_value("SELECT count(*) FROM year_closing") == 0


async def test_years_close_in_their_order_and_a_line_keeps_its_codes(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)
    await budgets.open_lines(who.officer, [NewLine("purchase", buying.DISTRICT, year + 1, "2040699", "30227")])
    with after(year + 1):
        assert await whole(who, year + 1) == ["earlier_year_open"]
        assert await whole(who, year) == ["next_line_codes"]


async def test_what_is_bound_without_anybody_holding_it_stops_the_closing(db: None) -> None:
    who, year = await closers(), clock.today().year
    line = await buying.budget_line(1_000)
    await post(line, reserve(line, 300, MoneySource("test", 1)))
    with after(year):
        assert await whole(who, year) == ["budget_unexplained"]


async def test_of_two_who_close_at_once_one_does(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)
    others = [await buying.person_as(Role.APPROVER) for _ in range(4)]
    with after(year):
        await months_closed(who, year)
        await prepare_year(who.officer, year, buying.DISTRICT)
        outcomes = await asyncio.gather(
            *(close_year(one, year, buying.DISTRICT) for one in others), return_exceptions=True
        )
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType"] + ["YearAlreadyClosed"] * 3
    assert await database.fetch_value("SELECT sum(lapsed_fen)::bigint FROM year_closing_line") == 1_000


async def test_a_payment_and_a_closing_beside_each_other_keep_every_fen(db: None) -> None:
    """Whoever is first: the payment is charged once, on the line that was open at its moment."""
    who, year = await closers(), clock.today().year
    deal = await signed(PaymentTerms(0), quantity=3, delivered=2)
    await deal.accept(2)
    await deal.approve()
    with after(year):
        await months_closed(who, year)
        batch = await deal.batch()
        assert batch is not None
        await prepare_year(who.officer, year, buying.DISTRICT)
        outcomes = await asyncio.gather(
            pay_batch(deal.cashier, batch.id), close_year(who.approver, year, buying.DISTRICT), return_exceptions=True
        )
        assert not isinstance(outcomes[0], BaseException), outcomes[0]
        if outcomes[1] is not None:
            assert isinstance(outcomes[1], FiguresMoved), outcomes[1]
            await prepare_year(who.officer, year, buying.DISTRICT)
            await close_year(who.approver, year, buying.DISTRICT)
        old, new = await amounts(await line_of(year)), await amounts(await line_of(year + 1))
    assert old.spent + new.spent == 2 * PRICE
    assert new.committed == PRICE
    assert old.left == 0 == old.committed
