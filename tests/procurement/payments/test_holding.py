"""Who holds the money: one holder in every state, and the bar follows order, acceptance, claim and batch."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotFound
from procurement.claims.accrual import accrue
from procurement.claims.service import return_claim
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.payments.holding import queries, rules
from procurement.payments.holding.bars import bars, pieces
from procurement.payments.holding.rules import OFFICES, OWN, Parts, Step, Wait
from procurement.payments.nudges.queries import waiting_nudges
from procurement.payments.nudges.service import nudge
from procurement.payments.rules import PaymentTerms, Standing
from procurement.settlement.payout import pay_batch
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from procurement.settlement.returns.waiting import accounts_to_correct
from tests.procurement import buying
from tests.procurement.deliveries.acceptances.test_judging import finding
from tests.procurement.deliveries.served import after, served
from tests.procurement.payments.contracts import GOOD, PRICE, Deal, bank_account, signed

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RUNNING, ENDED = Standing(4, PRICE), Standing(4, PRICE, claimed=4, ended=True)
STUCK = [Step.SIGNATURE, Step.PROOFS, Step.RECTIFICATION, Step.CORRECTION, Step.ACCOUNT, *OFFICES]
COMING = [Step.ACCRUAL, Step.ANSWER, Step.DELIVERY]


@pytest.mark.parametrize(("earlier", "later"), list(product([*STUCK, *COMING], repeat=2)))
def test_of_any_two_waits_one_holds_the_money(earlier: Step, later: Step) -> None:
    waits = [Wait(later, NOW), Wait(earlier, NOW - timedelta(days=1))]
    found = rules.holder(waits, RUNNING, signed=True, unearned_paid_fen=0).step
    if earlier in STUCK:
        assert found is earlier
    elif later in STUCK:
        assert found is later
    else:
        assert found is min(earlier, later, key=COMING.index)


def test_without_a_wait_the_next_thing_is_named() -> None:
    by_itself = [
        (RUNNING, Step.ORDERS),
        (Standing(4, PRICE, claimed=4), Step.NOBODY),
        (Standing(4, PRICE, (50, 100), waiting=1), Step.MILESTONE),
        (ENDED, Step.NOBODY),
    ]
    for standing, step in by_itself:
        assert rules.holder([], standing, signed=True, unearned_paid_fen=0).step is step
    assert rules.holder([], ENDED, signed=True, unearned_paid_fen=5).step is Step.GIVE_BACK
    assert rules.holder([], RUNNING, signed=False, unearned_paid_fen=0).step is Step.NOBODY
    assert not OWN & set(OFFICES)


def test_the_parts_of_a_bar_sum_to_the_price() -> None:
    parts = Parts(1_000, paid=300, batched=1, claimed=200)
    assert parts.stacked() == [("paid", 300), ("batched", 1), ("claimed", 200), ("rest", 499)]


async def holder(deal: Deal) -> tuple[Step, str]:
    money = await queries.of_contract(deal.who.provider, deal.reference)
    return money.holder.step, money.holder.place_zh


async def parts(deal: Deal) -> dict[str, int]:
    money = await queries.of_contract(deal.who.provider, deal.reference)
    found = dict(money.parts.stacked())
    assert sum(found.values()) == money.parts.total
    assert sum(piece.width for piece in pieces(money)) <= 1_000
    return found


async def test_the_holder_follows_the_money_from_signature_to_bank(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=2)
    assert await holder(deal) == (Step.ACCRUAL, "")
    await accrue(clock.now())
    assert await holder(deal) == (Step.APPROVAL, "西湖区")
    assert await parts(deal) == {"claimed": 36_000, "rest": 84_000}
    await deal.approve()
    assert await holder(deal) == (Step.BATCHING, "西湖区")
    batch = await deal.batch()
    assert batch
    assert (await holder(deal))[0] is Step.PAYING
    assert await parts(deal) == {"batched": 36_000, "rest": 84_000}
    await pay_batch(deal.cashier, batch.id)
    assert (await holder(deal))[0] is Step.ORDERS
    assert await parts(deal) == {"paid": 36_000, "rest": 84_000}


async def test_acceptance_moves_the_bar_and_a_returned_claim_is_the_provider_s_turn(db: None) -> None:
    from tests.procurement.payments.contracts import delivered_orders

    deal = await signed(PaymentTerms(), quantity=3)
    deal.orders = await delivered_orders(deal, 2)
    town = await database.fetch_value(
        """SELECT town.name_zh FROM village_order o JOIN place ON place.id = o.place_id
           JOIN place town ON town.id = place.parent_id LIMIT 1"""
    )
    assert await holder(deal) == (Step.ACCEPTANCE, town)
    await deal.accept(2, GOOD)
    assert await parts(deal) == {"claimed": 2 * PRICE, "rest": PRICE}
    [first, _] = await deal.ids("accrued")
    await return_claim(deal.claims, first, "日期不对")
    assert (await holder(deal))[0] is Step.APPROVAL
    await deal.approve()
    await deal.pay()
    assert (await holder(deal))[0] is Step.CORRECTION
    [bar] = await bars(deal.who.provider, await queries.of_provider(deal.who.provider))
    assert (bar.own, bar.nudgeable, bar.tag.tone) == (True, False, "need")


async def test_what_the_bank_returned_is_the_provider_s_turn_until_the_account_is_another(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=2)
    await accrue(clock.now())
    await deal.approve()
    batch = await deal.batch()
    assert batch
    await pay_batch(deal.cashier, batch.id)
    await record_return(deal.cashier, batch.id, BankReturn(1, "账号与户名不符", clock.today(), "TH-0017"))
    assert (await holder(deal))[0] is Step.ACCOUNT
    assert await parts(deal) == {"approved": 36_000, "rest": 84_000}
    [bar] = await bars(deal.who.provider, await queries.of_provider(deal.who.provider))
    assert (bar.own, bar.nudgeable, bar.tag.tone) == (True, False, "need")
    [waiting] = await accounts_to_correct(deal.who.provider)
    assert waiting.action.path.endswith("/edit")
    await bank_account(deal.organization)
    assert await holder(deal) == (Step.BATCHING, "西湖区")
    later = clock.today() + timedelta(days=9)
    with clock.travelled_to(datetime(later.year, later.month, later.day, 4, tzinfo=UTC)):
        await nudge(deal.who.provider, deal.reference)
        assert [found.step for found in await waiting_nudges(deal.clerk)] == [Step.BATCHING]
    assert await deal.pay() == 36_000
    assert (await holder(deal))[0] is Step.ORDERS


async def test_what_lacks_proof_or_was_sent_back_is_the_provider_s_turn(db: None) -> None:
    here = await served()

    async def step() -> Step:
        money = await queries.of_contract_id(here.who.provider, here.contract)
        assert money
        return money.holder.step

    with after():
        assert await step() is Step.PROOFS
        await buying.proven(here.orders)
        assert await step() is Step.ACCEPTANCE
        until = clock.today() + timedelta(days=3)
        short = await finding(here, {2: "只到了十二人"}, until)
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], short)])
        assert await step() is Step.RECTIFICATION
        await report_put_right(here.who.provider, here.references[0], "周六补讲一场，到场四十人")
        assert await step() is Step.ACCEPTANCE


async def test_only_the_parties_see_a_contract_s_money(db: None) -> None:
    deal = await signed(PaymentTerms(), quantity=2)
    assert await queries.of_contract(deal.claims, deal.reference)
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    elsewhere = await buying.person_as(Role.CLAIMS_OFFICER, buying.OTHER_DISTRICT)
    for other in (stranger, elsewhere):
        with pytest.raises(NotFound):
            await queries.of_contract(other, deal.reference)
