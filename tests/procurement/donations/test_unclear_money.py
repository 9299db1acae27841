"""Money that belongs to no gift: found by the look at the books, explained by two people, posted, never twice."""

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted, SamePersonRefused
from procurement.donations.events.service import replay
from procurement.donations.fake import acting, objects
from procurement.donations.funds import queries as funds
from procurement.donations.funds.rules import Cause
from procurement.donations.funds.service import NewFund, open_fund
from procurement.donations.reconciliation.service import reconcile
from procurement.donations.unclear import queries
from procurement.donations.unclear.rules import Outcome
from procurement.donations.unclear.service import (
    GiftDoesNotMatch,
    NewDecision,
    NothingUnclear,
    OutcomeImpossible,
    decide,
    propose_decision,
)
from procurement.donations.waiting import unclear_money
from procurement.ledger.books.queries import statement
from tests import world
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE, Desk
from tests.refusals import refusal_by, refused

MADE = """INSERT INTO unclear_decision (outcome, fund_id, document, reason, status, proposed_by, proposed_at,
                                        decided_by, decided_at)
          VALUES ($1, $2, $3, 'x', $4, $5, now(), $6, $7) RETURNING id"""


async def stray(amount_minor: int = 20_000) -> str:
    """Have somebody pay something else than a gift of ours; return the payment that the look found."""
    payment = await acting.pay_elsewhere(STRIPE, amount_minor)
    await giving.deliver()
    await reconcile(clock.now())
    return payment


async def decided(of: Desk, new: NewDecision) -> None:
    await decide(of.approver, await propose_decision(of.clerk, new), approve=True)


async def unclear() -> int:
    return (await giving.balances()).get("donated:unclear:CNY", 0)


async def test_what_no_gift_explains_waits_on_an_account_of_its_own(db: None) -> None:
    desk = await giving.desk()
    payment = await stray()
    assert await giving.balances() == {
        "donated:fees:CNY": 880, "donated:gateway:CNY": 19_120, "donated:unclear:CNY": -20_000,
    }  # fmt: skip
    (found,) = await queries.matters(desk.clerk)
    assert (found.matter, found.total_minor, found.waiting) == (payment, 20_000, False)
    (told,) = await unclear_money(desk.clerk)
    assert told.title.values == {"count": 1}


async def test_the_ledger_names_what_no_gift_explains_by_the_number_that_the_service_gave_it(db: None) -> None:
    desk = await giving.desk()
    await stray()
    given = await database.fetch_value("SELECT gateway_id FROM gateway_entry")
    booked = await statement(desk.clerk, "donated:unclear:CNY", 0, 10)
    assert [row.source for row in booked.rows] == [given]


async def test_a_gift_that_was_never_seen_as_paid_is_given_and_thanked(db: None) -> None:
    desk = await giving.desk()
    await giving.asked(20_000)
    payment = await stray()
    (candidate,) = (await queries.matter(desk.clerk, payment)).candidates
    await decided(desk, NewDecision(payment, Outcome.GIFT, "付款人来电", gift=candidate.reference))
    assert await giving.balances() == {
        "donated:fees:CNY": 0, "donated:gateway:CNY": 19_120, "donated:legal-aid:fees:CNY": 880,
        "donated:legal-aid:given:CNY": -20_000, "donated:unclear:CNY": 0,
    }  # fmt: skip
    assert await database.fetch_value("SELECT status FROM gift") == "given"
    assert await database.fetch_value("SELECT amount_minor FROM acknowledgement WHERE voided_at IS NULL") == 20_000
    await acting.refund_there(STRIPE, payment, 5_000)
    await giving.deliver()
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -15_000
    assert await queries.matters(desk.clerk) == []


async def test_a_gift_to_a_fund_by_somebody_unknown_is_in_the_public_totals(db: None) -> None:
    desk = await giving.desk()
    await decided(desk, NewDecision(await stray(), Outcome.FUND, "备注写明捐给基金", fund=desk.code))
    (totals,) = (await funds.fund(desk.code)).totals
    assert (totals.given, totals.fees, totals.balance) == (20_000, 880, 19_120)
    assert await unclear() == 0


async def test_money_paid_back_from_the_bank_leaves_with_its_voucher(db: None) -> None:
    desk = await giving.desk()
    payment = await stray()
    with pytest.raises(InvalidInput):
        await propose_decision(desk.clerk, NewDecision(payment, Outcome.RETURNED, "付错"))
    await decided(desk, NewDecision(payment, Outcome.RETURNED, "付错", document="退 001"))
    assert (await giving.balances())["donated:bank:CNY"] == -20_000
    assert await unclear() == 0


async def test_what_came_and_went_back_on_the_balance_is_noted_by_one_person(db: None) -> None:
    desk = await giving.desk()
    payment = await acting.pay_elsewhere(STRIPE, 20_000)
    await acting.refund_there(STRIPE, payment, 20_000)
    await reconcile(clock.now())
    with pytest.raises(OutcomeImpossible):
        await propose_decision(desk.clerk, NewDecision(payment, Outcome.FUND, "x", fund=desk.code))
    await propose_decision(desk.clerk, NewDecision(payment, Outcome.OFFSET, "在支付平台退了"))
    assert await queries.matters(desk.clerk) == []
    assert await unclear() == 0


async def test_a_loss_is_the_operators_and_never_a_gift(db: None) -> None:
    desk = await giving.desk()
    payment = await stray()
    await decided(desk, NewDecision(payment, Outcome.FUND, "x", fund=desk.code))
    await acting.refund_there(STRIPE, payment, 20_000)
    await reconcile(clock.now())
    with pytest.raises(OutcomeImpossible):
        await propose_decision(desk.clerk, NewDecision(payment, Outcome.RETURNED, "x", document="x"))
    await decided(desk, NewDecision(payment, Outcome.OPERATOR, "运营方承担"))
    assert (await giving.balances())["donated:fees:CNY"] == 20_000
    assert await unclear() == 0


async def test_a_decision_takes_two_people_and_is_taken_once(db: None) -> None:
    desk = await giving.desk()
    payment = await stray()
    both = await world.account(Role.SETTLEMENT_CLERK)
    both = type(both)(**{**{name: getattr(both, name) for name in both.__slots__},
                         "scopes": {**desk.approver.scopes, **both.scopes}})  # fmt: skip
    new = NewDecision(payment, Outcome.FUND, "x", fund=desk.code)
    asked = await propose_decision(both, new)
    with pytest.raises(SamePersonRefused):
        await decide(both, asked, approve=True)
    with pytest.raises(NothingUnclear):
        await propose_decision(desk.clerk, new)
    await decide(desk.approver, asked, approve=False)
    again = await propose_decision(desk.clerk, new)
    await decide(desk.approver, again, approve=True)
    with pytest.raises(DomainError):
        await decide(desk.approver, again, approve=True)
    with pytest.raises(NothingUnclear):
        await propose_decision(desk.clerk, new)
    assert await unclear() == 0


async def test_a_gift_of_another_amount_or_a_paid_one_does_not_match(db: None) -> None:
    desk = await giving.desk()
    await giving.asked(10_000)
    reference = await database.fetch_value("SELECT reference FROM gift")
    payment = await stray()
    with pytest.raises(GiftDoesNotMatch):
        await propose_decision(desk.clerk, NewDecision(payment, Outcome.GIFT, "x", gift=reference))
    paid = await giving.reference_of(await giving.given(20_000))
    with pytest.raises(GiftDoesNotMatch):
        await propose_decision(desk.clerk, NewDecision(payment, Outcome.GIFT, "x", gift=paid))


async def test_what_belongs_to_no_fund_is_for_who_looks_after_all_of_them(db: None) -> None:
    desk = await giving.desk()
    there = await world.account(Role.SETTLEMENT_CLERK, "330106")
    payment = await stray()
    assert len(await queries.matters(there)) == 1  # the only fund is theirs
    owner = await world.organization(papers=giving.PAPERS, place="330105")
    new = NewFund(str(owner.public_id), Cause.DISTRICT, "north", "拱墅基金", "", "x", "", 1_000, 5_000_000)
    await open_fund(desk.clerk, new)
    assert await queries.matters(there) == []
    assert await unclear_money(there) == []
    with pytest.raises(NotFound):
        await queries.matter(there, payment)
    with pytest.raises(NotPermitted):
        await propose_decision(there, NewDecision(payment, Outcome.FUND, "x", fund=desk.code))
    assert len(await queries.matters(desk.clerk)) == 1


async def test_decisions_are_kept_and_in_the_ledger_whoever_writes(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    payment = await stray()
    fund = await database.fetch_value("SELECT id FROM donation_fund")
    now, clerk, approver = clock.now(), desk.clerk.actor, desk.approver.actor
    await refused("unclear_decision_second_person", MADE, "fund", fund, "", "approved", clerk, clerk, now)
    await refused("unclear_decision_decided", MADE, "fund", fund, "", "approved", clerk, None, now)
    await refused("unclear_decision_decided", MADE, "offset", None, "", "proposed", clerk, None, None)
    await refused("unclear_decision_names", MADE, "fund", None, "", "proposed", clerk, None, None)
    await refused("unclear_decision_names", MADE, "returned", None, "", "proposed", clerk, None, None)
    await refused("unclear_decision_booked", MADE, "fund", fund, "", "proposed", clerk, None, None)
    about = (
        "INSERT INTO unclear_decision_entry (decision_id, entry_id) SELECT $1, id FROM gateway_entry WHERE kind = $2"
    )
    async with refusal_by("unclear_decision_booked"):  # approved, and not posted
        made = await database.fetch_value(MADE, "fund", fund, "", "approved", clerk, approver, now)
        await database.execute(about, made, "other")
    async with refusal_by("unclear_decision_booked"):  # it is said to move nothing, and money is left
        made = await database.fetch_value(MADE, "offset", None, "", "approved", clerk, None, now)
        await database.execute(about, made, "other")
    async with refusal_by("unclear_entry_of_no_gift"):
        made = await database.fetch_value(MADE, "fund", fund, "", "proposed", clerk, None, None)
        await database.execute(about, made, "gift")
    await propose_decision(desk.clerk, NewDecision(payment, Outcome.FUND, "x", fund=desk.code))
    async with refusal_by("unclear_entry_once"):
        made = await database.fetch_value(MADE, "operator", None, "", "proposed", clerk, None, None)
        await database.execute(about, made, "other")
    for change in ("DELETE FROM unclear_decision", "UPDATE unclear_decision SET reason = 'y'"):
        await refused("unclear_decision_kept", change)
    await refused("unclear_entry_kept", "DELETE FROM unclear_decision_entry")
    await refused("unclear_decision_booked",
                  "UPDATE unclear_decision SET status = 'approved', decided_by = $1, decided_at = now()",
                  approver)  # fmt: skip


async def test_a_payment_that_names_a_gift_but_differs_waits_as_unclear(db: None) -> None:
    desk = await giving.desk()
    page = await giving.asked(10_000)
    found = await objects.read(page)
    await objects.changed(found, amount=12_000)  # the page asked for something else
    payment = await acting.pay(STRIPE, page)
    await giving.deliver()
    assert await database.fetch_value("SELECT status FROM gift") == "started"
    assert await database.fetch_value("SELECT max(error) FROM gateway_event") == "gift_payment_differs"
    await reconcile(clock.now())
    (matter,) = await queries.matters(desk.clerk)
    assert (matter.matter, matter.total_minor) == (payment, 12_000)
    event = await database.fetch_value("SELECT min(event_id) FROM gateway_event WHERE status = 'failed'")
    assert not await replay(desk.clerk, event)
    await decided(desk, NewDecision(payment, Outcome.FUND, "金额和捐赠不同", fund=desk.code))
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -12_000
    assert await replay(desk.clerk, event)
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -12_000
