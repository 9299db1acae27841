"""A gift from the form to the fund's page: paid, thanked, refunded, disputed, renewed; the ledger follows each step."""

from app.core import clock, database
from procurement.donations.fake import acting, events
from procurement.donations.funds import queries as funds
from procurement.donations.reconciliation.service import reconcile
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE


async def acknowledged() -> list[tuple[int, int, str]]:
    rows = await database.fetch("SELECT number, amount_minor, void_reason FROM acknowledgement ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def test_a_gift_credits_the_fund_with_what_was_settled_and_its_fee(db: None) -> None:
    await giving.desk()
    await giving.given(10_000)
    assert await giving.balances() == {
        "donated:gateway:CNY": 9_460, "donated:legal-aid:fees:CNY": 540, "donated:legal-aid:given:CNY": -10_000,
    }  # fmt: skip
    (totals,) = (await funds.fund(giving.CODE)).totals
    assert (totals.given, totals.fees, totals.used, totals.balance) == (10_000, 540, 0, 9_460)
    assert await acknowledged() == [(1, 10_000, "")]


async def test_a_partial_refund_replaces_the_acknowledgement_and_a_full_one_voids_it(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000)
    await giving.refunded(desk, payment, 3_000)
    assert await acknowledged() == [(1, 10_000, "refunded"), (2, 7_000, "")]
    await giving.refunded(desk, payment, 7_000)
    assert await acknowledged() == [(1, 10_000, "refunded"), (2, 7_000, "refunded")]
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == 0
    await giving.deliver()
    assert (await giving.balances())["donated:gateway:CNY"] == -540


async def test_a_dispute_takes_the_money_back_and_a_won_one_brings_it_again(db: None) -> None:
    await giving.desk()
    payment = await giving.given(10_000)
    dispute = await acting.dispute(STRIPE, payment)
    await giving.deliver()
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == 0
    await acting.close_dispute(STRIPE, dispute, won=True)
    await giving.deliver()
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -10_000
    assert (await giving.balances())["donated:legal-aid:fees:CNY"] == 10_540
    assert await acknowledged() == [(1, 10_000, "")]


async def test_a_lost_dispute_voids_the_acknowledgement(db: None) -> None:
    await giving.desk()
    dispute = await acting.dispute(STRIPE, await giving.given(10_000))
    await acting.close_dispute(STRIPE, dispute, won=False)
    await giving.deliver()
    assert await acknowledged() == [(1, 10_000, "disputed")]


async def test_a_monthly_gift_is_given_each_month_until_it_is_ended(db: None) -> None:
    await giving.desk()
    await giving.given(5_000, monthly=True)
    plan = await database.fetch_value("SELECT gateway_id FROM gift_plan WHERE status = 'active'")
    await acting.renew(STRIPE, plan)
    await giving.deliver()
    assert await database.fetch_value("SELECT count(*) FROM gift WHERE status = 'given'") == 2
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -10_000
    await STRIPE.end_plan(plan, "test")
    await giving.deliver()
    assert await database.fetch_value("SELECT status FROM gift_plan") == "ended"


async def test_a_declined_card_may_be_tried_again_on_the_same_page(db: None) -> None:
    await giving.desk()
    page = await giving.asked(10_000)
    await acting.decline(page)
    await giving.deliver()
    assert await database.fetch_value("SELECT status FROM gift") == "failed"
    await acting.pay(STRIPE, page)
    await giving.deliver()
    assert await database.fetch_value("SELECT status FROM gift") == "given"


async def test_what_no_event_told_is_found_in_the_payment_services_books(db: None) -> None:
    await giving.desk()
    await acting.pay(STRIPE, await giving.asked(10_000))
    await acting.pay_out(STRIPE, 5_000)
    await acting.charge_fee(STRIPE, 100)
    found = await reconcile(clock.now())
    assert (found.entries, found.missed, found.unclear) == (3, 3, 0)
    assert await giving.balances() == {
        "donated:bank:CNY": 5_000, "donated:fees:CNY": 100, "donated:gateway:CNY": 4_360,
        "donated:legal-aid:fees:CNY": 540, "donated:legal-aid:given:CNY": -10_000,
    }  # fmt: skip
    assert (await reconcile(clock.now())).missed == 0
    (seen,) = await database.fetch("SELECT balances::text FROM gateway_reconciliation ORDER BY id DESC LIMIT 1")
    assert seen["balances"] == '[{"ours": 4360, "theirs": 4360, "currency": "CNY"}]'


async def test_an_event_that_comes_twice_is_taken_once(db: None) -> None:
    await giving.desk()
    await acting.pay(STRIPE, await giving.asked(10_000))
    for event in await events.unsent():
        assert [await giving.send(event) for _ in range(3)] == [True, False, False]
    assert await database.fetch_value("SELECT count(*) FROM gateway_event") == 2
