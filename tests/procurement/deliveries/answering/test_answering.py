"""A provider answers within two working days, or its silence counts as no: unit, quota and month come back."""

import asyncio
from datetime import datetime, timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.clock import SHANGHAI
from app.core.errors import InvalidInput, TransitionRefused
from procurement.deliveries import service
from procurement.deliveries.answering import queries
from procurement.deliveries.answering.rules import OrderAnswer, Refusal
from procurement.deliveries.answering.service import decline_unanswered, remind_providers
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import counters, ground, status_of
from tests.refusals import refused

FRIDAY = datetime(2026, 12, 4, 10, tzinfo=SHANGHAI)
TUESDAY_NIGHT = datetime(2026, 12, 8, 23, 59, tzinfo=SHANGHAI)  # the end of the second working day after it


async def due_of(order_id: int) -> datetime:
    found: datetime = await database.fetch_value("SELECT answer_by FROM village_order WHERE id = $1", order_id)
    return found


async def test_an_order_is_answered_within_two_working_days(db: None) -> None:
    here = await ground(villages=1)
    with clock.travelled_to(FRIDAY):
        order = await buying.placed_order(here.contract, here.codes[0], buying.soon(20))
        soon = await buying.placed_order(here.contract, here.codes[0], FRIDAY + timedelta(hours=5))
    assert (await due_of(order), await due_of(soon)) == (TUESDAY_NIGHT, FRIDAY + timedelta(hours=5))


async def test_silence_gives_everything_back_and_tells_both(db: None) -> None:
    here = await ground(villages=1)
    with clock.travelled_to(FRIDAY):
        order = await buying.placed_order(here.contract, here.codes[0], buying.soon(20))
    assert await decline_unanswered(TUESDAY_NIGHT - timedelta(seconds=1)) == 0
    assert await decline_unanswered(TUESDAY_NIGHT) == 1
    assert await decline_unanswered(TUESDAY_NIGHT) == 0
    assert await status_of(order) == "declined"
    assert await counters(here.contract, here.codes[0]) == (0, 0)
    assert not await database.fetch_value("SELECT sum(taken) FROM product_month")
    told = await database.fetch("SELECT msgid FROM notification WHERE msgid LIKE '%答复%'")
    assert {"没有在期限内答复" in row["msgid"] for row in told} == {True, False}
    with pytest.raises(TransitionRefused):
        await service.answer_orders(here.who.provider, [OrderAnswer(order, take=True)])


async def test_a_provider_is_reminded_once_a_day_before(db: None) -> None:
    here = await ground(villages=1)
    with clock.travelled_to(FRIDAY):
        await buying.placed_order(here.contract, here.codes[0], buying.soon(20))
    assert await remind_providers(TUESDAY_NIGHT - timedelta(days=2)) == 0
    for _ in range(2):
        assert await remind_providers(TUESDAY_NIGHT - timedelta(hours=3)) == 1
    told = await database.fetch(
        "SELECT account_id FROM notification WHERE msgid LIKE '%过时按不接处理%' AND account_id = $1",
        here.who.provider.actor,
    )
    assert len(told) == 1


async def test_a_reason_of_the_list_needs_no_words_and_is_counted_on_the_desk(db: None) -> None:
    here = await ground(villages=1, units=9)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    wished = [service.NewOrder(here.contract, here.codes[0], buying.soon())] * 4
    orders = await service.place_orders(clerk, wished)
    with pytest.raises(InvalidInput):
        await service.answer_orders(here.who.provider, [OrderAnswer(orders[0], False, "", Refusal.OTHER)])
    with pytest.raises(InvalidInput):
        await service.answer_orders(here.who.provider, [OrderAnswer(orders[0], False, "", Refusal.SILENCE)])
    answers = [
        OrderAnswer(orders[0], False, "", Refusal.NO_PEOPLE),
        OrderAnswer(orders[1], False, "", Refusal.DISTANCE),
        OrderAnswer(orders[2], False, "路断了"),
    ]
    await service.answer_orders(here.who.provider, answers)
    framework = await database.fetch_value(
        """SELECT a.framework_id FROM admission a JOIN purchase p ON p.admission_id = a.id
           JOIN contract c ON c.purchase_id = p.id WHERE c.id = $1""",
        here.contract,
    )
    [row] = await queries.refusals_of(framework)
    assert (row.orders, row.refused, row.no_people, row.distance, row.other) == (4, 3, 1, 1, 1)
    kept = await database.fetch("SELECT reason FROM village_order WHERE status = 'declined' ORDER BY id")
    assert [one["reason"] for one in kept] == ["派不出人", "路太远", "路断了"]


async def test_raw_sql_declines_only_with_a_reason_and_silence_has_no_speaker(db: None) -> None:
    here = await ground(villages=1)
    order = await buying.placed_order(here.contract, here.codes[0])
    declined = "UPDATE village_order SET status = 'declined', reason = 'x', answered_by = $2, answered_at = $3"
    await refused("village_order_refused", f"{declined} WHERE id = $1", order, here.who.provider.actor, clock.now())
    await refused(
        "village_order_silent",
        f"{declined}, refusal = 'silence' WHERE id = $1",
        order,
        here.who.provider.actor,
        clock.now(),
    )
    await refused(
        "village_order_refusal",
        f"{declined}, refusal = 'weather' WHERE id = $1",
        order,
        here.who.provider.actor,
        clock.now(),
    )
    await refused(
        "village_order_answered",
        "UPDATE village_order SET status = 'declined', reason = 'x', refusal = 'other' WHERE id = $1",
        order,
    )


async def test_an_answer_against_the_end_of_the_clock_leaves_one_of_them(db: None) -> None:
    here = await ground(villages=1, units=500, quantity=500)
    for _ in range(rounds(4, 100)):
        order = await buying.placed_order(here.contract, here.codes[0], buying.soon(20))
        due = await due_of(order)
        answered, lapsed = await asyncio.gather(
            service.answer_orders(here.who.provider, [OrderAnswer(order, True)]),
            decline_unanswered(due),
            return_exceptions=True,
        )
        if isinstance(answered, TransitionRefused):
            assert (lapsed, await status_of(order)) == (1, "declined")
        else:
            assert (lapsed, await status_of(order)) == (0, "scheduled"), answered
