"""Orders never outrun what a provider can deliver in a month: by the services, in a crowd, and by raw SQL."""

import asyncio
from datetime import date, datetime, time, timedelta

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.products.capacity import service as capacity
from marketplace.products.capacity.rules import Statement, month_of, months_from
from marketplace.products.capacity.service import CapacityBelowOrders, DayHasOrders
from procurement.blocks import Blocked
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.service import NewOrder
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import RAW as RAW_OF_ANY_YEAR
from tests.procurement.deliveries.test_orders import Ground, ground
from tests.refusals import refused

RAW = f"{RAW_OF_ANY_YEAR} AND q.year = extract(year FROM $3::timestamptz AT TIME ZONE 'Asia/Shanghai')"


def next_month(months: int = 1) -> date:
    return months_from(clock.today(), months + 1)[-1]


def at(day: date) -> datetime:
    return clock.at_local(day, time(10))


async def product_of(here: Ground) -> str:
    return str(
        await database.fetch_value(
            "SELECT p.reference FROM product p JOIN contract c ON c.product_id = p.id WHERE c.id = $1", here.contract
        )
    )


async def state(here: Ground, units: int, month: date | None = None) -> None:
    await capacity.state_capacity(here.who.provider, await product_of(here), Statement(month or next_month(), units))


async def clerk_of(code: str) -> Principal:
    return await buying.person_as(Role.VILLAGE_CLERK, code)


async def taken(month: date) -> int | None:
    found: int | None = await database.fetch_value("SELECT taken FROM product_month WHERE month = $1", month)
    return found


async def with_year(here: Ground, units: int = 99) -> Ground:
    """Give the villages quotas for the years of the coming months."""
    for year in {next_month().year, next_month(2).year}:
        await buying.quota(here.codes, units, year)
    return here


async def test_a_full_month_takes_no_more_and_another_month_does(db: None) -> None:
    here = await with_year(await ground(villages=4))
    await state(here, 3)
    clerk = await clerk_of(buying.DISTRICT)
    await service.place_orders(clerk, [NewOrder(here.contract, code, at(next_month())) for code in here.codes[:3]])
    with pytest.raises(Blocked, match="能接的3次已经点满"):
        await service.place_orders(clerk, [NewOrder(here.contract, here.codes[3], at(next_month()))])
    await state(here, 1, next_month(2))
    await service.place_orders(clerk, [NewOrder(here.contract, here.codes[3], at(next_month(2)))])
    assert (await taken(next_month()), await taken(next_month(2))) == (3, 1)


async def test_a_batch_is_counted_order_by_order(db: None) -> None:
    here = await with_year(await ground(villages=3))
    await state(here, 2)
    clerk = await clerk_of(buying.DISTRICT)
    with pytest.raises(Blocked, match="点满"):
        await service.place_orders(clerk, [NewOrder(here.contract, code, at(next_month())) for code in here.codes])
    assert not await taken(next_month())


async def test_declining_and_cancelling_give_the_month_its_unit_back(db: None) -> None:
    here = await with_year(await ground(villages=2))
    await state(here, 2)
    clerk = await clerk_of(buying.DISTRICT)
    first, second = await service.place_orders(
        clerk, [NewOrder(here.contract, code, at(next_month())) for code in here.codes]
    )
    await service.answer_orders(here.who.provider, [OrderAnswer(first, take=False, reason="讲师请假")])
    assert await taken(next_month()) == 1
    await service.cancel_order(clerk, second, "村里停电")
    assert await taken(next_month()) == 0


async def test_nothing_below_what_is_ordered_is_stated_and_raising_is_free(db: None) -> None:
    here = await with_year(await ground(villages=2))
    clerk = await clerk_of(buying.DISTRICT)
    await service.place_orders(clerk, [NewOrder(here.contract, code, at(next_month())) for code in here.codes])
    with pytest.raises(CapacityBelowOrders):
        await state(here, 1)
    with pytest.raises(CapacityBelowOrders):
        await state(here, 1, month_of(clock.today()))  # reaches next month as well
    await state(here, 2)
    await state(here, 5)
    assert await database.fetch_value("SELECT units FROM product_month WHERE month = $1", next_month()) == 5


async def test_no_order_lies_on_a_day_off_and_no_day_off_over_an_order(db: None) -> None:
    here = await with_year(await ground(villages=1))
    day, reference = next_month(), await product_of(here)
    await capacity.add_blackout(here.who.provider, reference, day, day + timedelta(days=1), "年终培训")
    clerk = await clerk_of(here.codes[0])
    with pytest.raises(Blocked, match="机构这一天不来"):
        await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(day))])
    await refused("village_order_on_blackout", RAW, here.contract, here.codes[0], at(day), here.who.officer.actor)
    free = day + timedelta(days=2)
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(free))])
    with pytest.raises(DayHasOrders):
        await capacity.add_blackout(here.who.provider, reference, free, free)
    for change in (
        "INSERT INTO product_blackout (product_id, day, stated_by, stated_at) "
        "SELECT product_id, $1, stated_by, stated_at FROM product_blackout WHERE day = $2",
        "UPDATE product_blackout SET day = $1 WHERE day = $2",
    ):
        await refused("product_blackout_free", change, free, day)
    await refused(
        "village_order_on_blackout", "UPDATE village_order SET wished_start = $2 WHERE id = $1", order, at(day)
    )
    await capacity.remove_blackout(here.who.provider, reference, day)
    await database.execute("UPDATE village_order SET wished_start = $2 WHERE id = $1", order, at(day))


async def test_raw_sql_can_neither_outrun_a_month_nor_count_by_hand(db: None) -> None:
    here = await with_year(await ground(villages=1))
    await state(here, 1)
    await state(here, 1, next_month(2))
    someone = here.who.officer.actor
    await database.execute(RAW, here.contract, here.codes[0], at(next_month()), someone)
    await refused("product_capacity_kept", RAW, here.contract, here.codes[0], at(next_month()), someone)
    await refused("product_capacity_kept", "UPDATE product_capacity SET units = 0")
    for statement in (
        "UPDATE product_month SET taken = 0",
        "UPDATE product_month SET units = 9",
        "DELETE FROM product_month",
        "INSERT INTO product_month (product_id, month, taken) SELECT product_id, '2031-01-01', 1 FROM product_month",
    ):
        await refused("product_month_is_counted", statement)


async def test_an_order_that_moves_to_another_month_moves_its_count(db: None) -> None:
    here = await with_year(await ground(villages=1))
    await state(here, 1)
    clerk = await clerk_of(here.codes[0])
    month, order = next_month(), NewOrder(here.contract, here.codes[0], at(next_month()))
    [first] = await service.place_orders(clerk, [order])
    later = at(month + timedelta(days=5))
    await database.execute("UPDATE village_order SET wished_start = $2 WHERE id = $1", first, later)
    assert await taken(month) == 1
    other = months_from(month, 2)[1] if month.month < 12 else months_from(clock.today(), 1)[0]
    await database.execute(
        "UPDATE village_order SET wished_start = $2 WHERE id = $1", first, at(other) + timedelta(hours=1)
    )
    assert (await taken(month), await taken(other)) == (0, 1)
    await service.place_orders(clerk, [order])
    await refused("product_capacity_kept", "UPDATE village_order SET wished_start = $2 WHERE id = $1", first, later)


async def test_only_a_member_of_the_provider_states_its_capacity(db: None) -> None:
    from app.core.errors import InvalidInput, NotFound, NotPermitted

    here = await ground(villages=1)
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    reference = await product_of(here)
    with pytest.raises(NotPermitted):
        await capacity.state_capacity(stranger, reference, Statement(next_month(), 3))
    with pytest.raises(NotFound):
        await capacity.state_capacity(here.who.provider, "CP-1999-000001", Statement(next_month(), 3))
    with pytest.raises(InvalidInput):
        await capacity.state_capacity(here.who.provider, reference, Statement(date(2020, 1, 1), 3))
    with pytest.raises(NotFound):
        await capacity.remove_blackout(here.who.provider, reference, next_month())


async def test_of_many_villages_exactly_one_gets_the_last_unit_of_a_month(db: None) -> None:
    here = await with_year(await ground(villages=8, quantity=900))
    await state(here, 1)
    clerks = [(code, await clerk_of(code)) for code in here.codes]
    for _ in range(rounds(4, 100)):
        outcomes = await asyncio.gather(
            *(service.place_orders(one, [NewOrder(here.contract, code, at(next_month()))]) for code, one in clerks),
            return_exceptions=True,
        )
        placed = [outcome[0] for outcome in outcomes if isinstance(outcome, list)]
        assert (len(placed), sum(isinstance(one, Blocked) for one in outcomes)) == (1, 7), outcomes
        await service.answer_orders(here.who.provider, [OrderAnswer(placed[0], False, "同时")])


async def test_a_capacity_cut_against_an_order_leaves_one_of_them_standing(db: None) -> None:
    here = await with_year(await ground(villages=1, quantity=900))
    clerk = await clerk_of(here.codes[0])
    for _ in range(rounds(5, 100)):
        await state(here, 1)
        ordered, cut = await asyncio.gather(
            service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(next_month()))]),
            state(here, 0),
            return_exceptions=True,
        )
        assert isinstance(ordered, Blocked) != isinstance(cut, CapacityBelowOrders), (ordered, cut)
        if isinstance(ordered, list):
            await service.cancel_order(clerk, ordered[0], "同时")


async def test_a_day_off_against_an_order_leaves_one_of_them_standing(db: None) -> None:
    here = await with_year(await ground(villages=1, quantity=900))
    clerk, reference, day = await clerk_of(here.codes[0]), await product_of(here), next_month()
    for _ in range(rounds(5, 100)):
        ordered, off = await asyncio.gather(
            service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(day))]),
            capacity.add_blackout(here.who.provider, reference, day, day),
            return_exceptions=True,
        )
        assert isinstance(ordered, Blocked) != isinstance(off, DayHasOrders), (ordered, off)
        if isinstance(ordered, list):
            await service.cancel_order(clerk, ordered[0], "同时")
        else:
            await capacity.remove_blackout(here.who.provider, reference, day)
