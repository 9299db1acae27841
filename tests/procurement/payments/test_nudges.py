"""Nudges: after the waiting time, once a working day, answered in words, escalating to who supervises the place."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.access import Role
from app.core.calendar import Calendar, add_working_days, is_working_day
from app.core.errors import InvalidInput, NotFound, NotPermitted
from procurement.blocks import Blocked, Figure, house
from procurement.claims.accrual import accrue
from procurement.payments.holding.rules import OFFICES, Step, Thing, Wait
from procurement.payments.nudges import queries, rules, service
from procurement.payments.nudges.rules import Last
from procurement.payments.nudges.service import AnsweredAlready, NudgedAlready
from procurement.payments.rules import PaymentTerms
from procurement.payments.slots import nudged
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.payments.contracts import Deal, delivered_orders, signed
from tests.refusals import refused

TODAY = date(2026, 11, 25)
WEEK = timedelta(days=7)


@pytest.mark.parametrize("step", Step)
def test_offices_are_nudged_in_time_and_once_a_day(step: Step) -> None:
    def codes(today: date, last: Last | None = None) -> list[str]:
        return [block.code for block in rules.nudge_blocks(Wait(step), TODAY, last, today, today)]

    if step not in OFFICES:
        assert codes(TODAY) == ["nobody_to_nudge"]
    else:
        assert codes(TODAY - timedelta(days=1)) == ["nudge_too_early"]
        assert codes(TODAY) == []
        assert codes(TODAY, Last(TODAY)) == ["nudged_today"]
        assert codes(TODAY, Last(TODAY - timedelta(days=1))) == []


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 10))
def test_the_latest_day_that_escalated_is_n_working_days_back(today: date, days: int) -> None:
    calendar = Calendar()
    day = rules.latest_escalated(calendar, today, Figure(days, house("x")))
    assert is_working_day(calendar, day)
    assert add_working_days(calendar, day, days) <= today
    following = add_working_days(calendar, day, 1)
    assert add_working_days(calendar, following, days) > today


async def stuck() -> Deal:
    """Return a contract with a delivered order that waits for acceptance."""
    deal = await signed(PaymentTerms(), quantity=3)
    deal.orders = await delivered_orders(deal, 1)
    return deal


async def test_a_nudge_lands_with_the_acceptor_and_the_answer_comes_back(db: None) -> None:
    deal = await stuck()
    with pytest.raises(Blocked, match="起可以催办"):
        await service.nudge(deal.who.provider, deal.reference)
    with clock.travelled_to(clock.now() + WEEK):
        public_id = await service.nudge(deal.who.provider, deal.reference)
        [row] = await nudged(deal.who.acceptor)
        assert row.action.path == f"/payments/nudges/{public_id}"
        for other in (deal.claims, deal.cashier, await buying.person_as(Role.ACCEPTOR, buying.OTHER_DISTRICT)):
            assert await nudged(other) == []
        with pytest.raises(Blocked, match="今天已经催办过"):
            await service.nudge(deal.who.provider, deal.reference)
        with pytest.raises(InvalidInput):
            await service.answer(deal.who.acceptor, public_id, " ")
        with pytest.raises(NotFound):
            await service.answer(deal.claims, public_id, "周四")
        supervisor = await buying.person_as(Role.SUPERVISOR)
        with pytest.raises(NotPermitted):
            await service.answer(supervisor, public_id, "周四")
        await service.answer(deal.who.acceptor, public_id, "周四去验收")
        with pytest.raises(AnsweredAlready):
            await service.answer(deal.who.acceptor, public_id, "周五")
        assert await nudged(deal.who.acceptor) == []
        said = await queries.said_about([Thing(order_id=deal.orders[0])])
        assert [one.answer for one in said.values()] == ["周四去验收"]


async def test_without_movement_the_supervisor_sees_it_and_with_movement_nobody_does(db: None) -> None:
    deal = await stuck()
    supervisor = await buying.person_as(Role.SUPERVISOR)
    elsewhere = await buying.person_as(Role.SUPERVISOR, buying.OTHER_DISTRICT)
    with clock.travelled_to(clock.now() + WEEK):
        await service.nudge(deal.who.provider, deal.reference)
        assert await nudged(supervisor) == []
    with clock.travelled_to(clock.now() + 2 * WEEK):
        assert len(await nudged(supervisor)) == 1
        assert await nudged(elsewhere) == []
        [count] = await queries.counts(supervisor.scopes[next(iter(supervisor.scopes))])
        assert (count.nudges, count.answered, count.waiting) == (1, 0, 1)
        await deal.accept()
        assert await nudged(supervisor) == []
        assert await nudged(deal.who.acceptor) == []


async def test_each_office_is_nudged_where_the_money_waits(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=2)
    await accrue(clock.now())
    later = clock.now() + WEEK
    with clock.travelled_to(later):
        await service.nudge(deal.who.provider, deal.reference)
        assert len(await nudged(deal.claims)) == 1
        await deal.approve()
        assert await nudged(deal.claims) == []
    with clock.travelled_to(later + WEEK):
        await service.nudge(deal.who.provider, deal.reference)
        assert len(await nudged(deal.clerk)) == 1
        await deal.batch()
        assert await nudged(deal.clerk) == []
    with clock.travelled_to(later + 2 * WEEK):
        await service.nudge(deal.who.provider, deal.reference)
        assert len(await nudged(deal.cashier)) == 1
        assert await nudged(deal.checker) == []


async def test_many_members_nudge_at_once_and_one_lands(db: None) -> None:
    deal = await stuck()
    members = [await buying.person_as(Role.PROVIDER, None, deal.organization) for _ in range(5)]
    for turn in range(rounds(2, 100)):
        with clock.travelled_to(clock.now() + WEEK * (turn + 1)):
            outcomes = await asyncio.gather(
                *(service.nudge(member, deal.reference) for member in members), return_exceptions=True
            )
        assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
        refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert all(isinstance(outcome, NudgedAlready | Blocked) for outcome in refused), refused


async def test_raw_sql_neither_nudges_twice_nor_rewrites_an_answer(db: None) -> None:
    deal = await stuck()
    with clock.travelled_to(clock.now() + WEEK):
        public_id = await service.nudge(deal.who.provider, deal.reference)
        await service.answer(deal.who.acceptor, public_id, "周四去验收")
    copied = "contract_id, step, village_order_id, claim_id, place_id, waiting_since, day, sent_by, sent_at"
    for statement, constraint in (
        (f"INSERT INTO nudge ({copied}) SELECT {copied} FROM nudge", "nudge_order_once"),
        ("UPDATE nudge SET answer = 'x'", "nudge_answered_once"),
        ("DELETE FROM nudge", "nudge_answered_once"),
    ):
        await refused(constraint, statement)
