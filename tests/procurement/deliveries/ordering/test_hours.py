"""An order lies within the hours of its village, by whatever way it is written."""

from datetime import date, datetime, time, timedelta

import pytest

from app.core import clock, database
from app.core.access import Principal
from procurement.blocks import Blocked
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.changes.service import agree, propose
from procurement.deliveries.ordering.hours.rules import hours_blocks, part_of, within
from procurement.deliveries.ordering.hours.service import state_hours
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours, Part
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting.service import serve_queues, wait_for
from tests.procurement.deliveries.months.test_months import RAW, clerk_of, next_month, state, with_year
from tests.procurement.deliveries.test_orders import Ground, ground
from tests.refusals import refused

TUESDAY_MORNINGS: Hours = frozenset({(1, Part.MORNING)})


def tuesday(week: int = 1) -> date:
    """Return the n-th Tuesday of next month."""
    first = next_month()
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7 * (week - 1))


def at(day: date, hour: int = 10) -> datetime:
    return clock.at_local(day, time(hour))


async def open_on_tuesday_mornings(villages: int = 1) -> tuple[Ground, Principal]:
    here = await with_year(await ground(villages=villages))
    clerk = await clerk_of(here.codes[0])
    await state_hours(clerk, here.codes[0], TUESDAY_MORNINGS)
    return here, clerk


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening"), (23, "evening")],
)
async def test_an_exact_time_has_a_part_of_the_day_here_and_in_the_database(db: None, hour: int, part: str) -> None:
    instant = at(date(2026, 12, 1), hour)
    assert part_of(instant) == part
    assert await database.fetch_value("SELECT village_part($1)", instant) == part


def test_a_village_that_states_nothing_is_open_to_all() -> None:
    assert within(ALL_HOURS, at(date(2026, 12, 6), 20))
    assert list(hours_blocks(ALL_HOURS, at(date(2026, 12, 6), 20))) == []
    [block] = hours_blocks(TUESDAY_MORNINGS, at(date(2026, 12, 1), 14))
    assert "方便的时段" in str(block.remedy)


async def test_no_program_orders_nor_waits_outside_the_hours(db: None) -> None:
    here, clerk = await open_on_tuesday_mornings()
    for start in (at(tuesday(), 14), at(tuesday() + timedelta(days=1))):
        with pytest.raises(Blocked, match="方便时段"):
            await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], start)])
        with pytest.raises(Blocked, match="方便时段"):
            await wait_for(clerk, NewOrder(here.contract, here.codes[0], start))
    assert await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(tuesday()))])


async def test_nobody_moves_an_order_out_of_the_hours(db: None) -> None:
    here, clerk = await open_on_tuesday_mornings()
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(tuesday()))])
    with pytest.raises(Blocked, match="方便时段"):
        await propose(here.who.provider, order, at(tuesday(), 15))
    await agree(clerk, await propose(here.who.provider, order, at(tuesday(2))))
    assert await database.fetch_value("SELECT wished_start FROM village_order") == at(tuesday(2))


async def test_a_village_s_turn_in_the_queue_comes_on_a_day_that_suits_it(db: None) -> None:
    here, clerk = await open_on_tuesday_mornings(villages=2)
    other = await clerk_of(here.codes[1])
    await state(here, 1)
    [taken] = await service.place_orders(other, [NewOrder(here.contract, here.codes[1], at(tuesday()))])
    await wait_for(clerk, NewOrder(here.contract, here.codes[0], at(tuesday())))
    await service.answer_orders(here.who.provider, [OrderAnswer(taken, take=False, reason="讲师请假")])
    with clock.travelled_to(at(tuesday() - timedelta(days=1))):  # too late for this Tuesday
        assert (await serve_queues(clock.now()))["placed"] == 1
    placed = "SELECT wished_start FROM village_order o JOIN place ON place.id = o.place_id WHERE place.code = $1"
    assert await database.fetch_value(placed, here.codes[0]) == at(tuesday(2))


async def test_raw_sql_neither_writes_nor_moves_nor_revives_an_order_outside_the_hours(db: None) -> None:
    here, clerk = await open_on_tuesday_mornings()
    await refused("village_order_in_hours", RAW, here.contract, here.codes[0], at(tuesday(), 14), clerk.actor)
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(tuesday()))])
    later = "UPDATE village_order SET wished_start = $2 WHERE id = $1"
    await refused("village_order_in_hours", later, order, at(tuesday() + timedelta(days=2)))
    await service.cancel_order(clerk, order, "村里停电")
    await state_hours(clerk, here.codes[0], frozenset({(4, Part.EVENING)}))
    await refused(
        "village_order_in_hours", "UPDATE village_order SET status = 'placed', reason = '' WHERE id = $1", order
    )


async def test_hours_stated_anew_leave_what_was_agreed_before(db: None) -> None:
    here, clerk = await open_on_tuesday_mornings()
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(tuesday()))])
    await state_hours(clerk, here.codes[0], frozenset({(4, Part.EVENING)}))
    assert await service.answer_orders(here.who.provider, [OrderAnswer(order, take=True)]) == {"scheduled": 1}
