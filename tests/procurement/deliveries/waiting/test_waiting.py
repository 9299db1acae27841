"""A full month has a queue: a unit that comes free goes to the first in public order, by itself."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from procurement.blocks import Blocked
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.months.rules import MonthKey
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting import queries
from procurement.deliveries.waiting.rules import AlreadyWaiting, NotFull
from procurement.deliveries.waiting.service import leave, serve, serve_queues, wait_for
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.months.test_months import at, clerk_of, next_month, state, with_year
from tests.procurement.deliveries.test_orders import Ground, ground
from tests.refusals import refused


async def full_month(villages: int = 5, units: int = 3, quantity: int = 900) -> tuple[Ground, Principal, list[int]]:
    """Return a ground whose next month is full, the district's clerk, and the orders that fill it."""
    here = await with_year(await ground(villages=villages, quantity=quantity))
    await state(here, units)
    clerk = await clerk_of(buying.DISTRICT)
    placed = await service.place_orders(clerk, [wish(here, number) for number in range(units)])
    return here, clerk, placed


def wish(here: Ground, number: int) -> NewOrder:
    return NewOrder(here.contract, here.codes[number], at(next_month() + timedelta(days=9)))


async def state_of(number: int, here: Ground) -> str:
    return str(
        await database.fetch_value(
            """SELECT w.status FROM village_wait w JOIN place ON place.id = w.place_id WHERE place.code = $1
               ORDER BY w.id DESC LIMIT 1""",
            here.codes[number],
        )
    )


def scope(clerk: Principal) -> Scope:
    return clerk.scope(Permission.ORDER_PLACE)


async def key(here: Ground) -> MonthKey:
    product = await database.fetch_value("SELECT product_id FROM contract WHERE id = $1", here.contract)
    return product, next_month()


async def test_a_fourth_village_waits_because_the_capacity_is_three_and_is_placed_when_one_declines(db: None) -> None:
    here, clerk, placed = await full_month()
    await wait_for(clerk, wish(here, 3))
    assert await serve_queues(clock.now()) == {"placed": 0, "ended": 0}
    [seen] = await queries.of_villages(scope(clerk))
    assert (seen.position, seen.place_code) == (1, here.codes[3])
    await service.answer_orders(here.who.provider, [OrderAnswer(placed[0], take=False, reason="讲师请假")])
    assert await serve_queues(clock.now()) == {"placed": 1, "ended": 0}
    assert await state_of(3, here) == "placed"
    told = await database.fetch("SELECT msgid, link FROM notification WHERE account_id = $1 ORDER BY id", clerk.actor)
    assert "排到了" in told[-1]["msgid"]
    assert told[-1]["link"].startswith("/orders/DD-")
    assert await database.fetch_value("SELECT count(*) FROM village_order WHERE live") == 3
    assert await serve_queues(clock.now()) == {"placed": 0, "ended": 0}


async def test_what_is_free_belongs_to_those_who_wait(db: None) -> None:
    here, clerk, placed = await full_month()
    await wait_for(clerk, wish(here, 3))
    await service.cancel_order(clerk, placed[0], "村里停电")
    with pytest.raises(Blocked, match="已经点满"):
        await service.place_orders(clerk, [wish(here, 4)])
    await wait_for(clerk, wish(here, 4))
    await state(here, 5)
    assert (await serve_queues(clock.now()))["placed"] == 2
    with pytest.raises(NotFull):
        await wait_for(clerk, wish(here, 0))
    await service.place_orders(clerk, [wish(here, 0)])


async def test_places_short_of_lawyers_come_first_then_who_asked_first(db: None) -> None:
    here, clerk, placed = await full_month()
    for number in (3, 4):
        await wait_for(clerk, wish(here, number))
    await database.execute("UPDATE place SET short_of_lawyers = true WHERE code = $1", here.codes[4])
    assert [(one.place_code, one.position) for one in await queries.of_villages(scope(clerk))] == [
        (here.codes[3], 2),
        (here.codes[4], 1),
    ]
    await service.cancel_order(clerk, placed[0], "村里停电")
    await serve_queues(clock.now())
    assert (await state_of(3, here), await state_of(4, here)) == ("waiting", "placed")


async def test_who_has_no_quota_left_keeps_the_place_and_the_next_is_served(db: None) -> None:
    here, clerk, placed = await full_month()
    for number in (3, 4):
        await wait_for(clerk, wish(here, number))
    await buying.quota([here.codes[3]], 0, next_month().year)
    await service.cancel_order(clerk, placed[0], "村里停电")
    await serve_queues(clock.now())
    assert (await state_of(3, here), await state_of(4, here)) == ("waiting", "placed")
    await buying.quota([here.codes[3]], 1, next_month().year)
    await service.cancel_order(clerk, placed[1], "村里停电")
    await serve_queues(clock.now())
    assert await state_of(3, here) == "placed"


async def test_who_leaves_is_passed_over_and_a_village_waits_once(db: None) -> None:
    here, clerk, placed = await full_month()
    place = await wait_for(clerk, wish(here, 3))
    with pytest.raises(AlreadyWaiting):
        await wait_for(clerk, wish(here, 3))
    with pytest.raises(NotFound):
        await leave(await clerk_of(here.codes[0]), place)
    await leave(clerk, place)
    with pytest.raises(TransitionRefused):
        await leave(clerk, place)
    await service.cancel_order(clerk, placed[0], "村里停电")
    assert await serve_queues(clock.now()) == {"placed": 0, "ended": 0}
    assert await state_of(3, here) == "left"


async def test_one_waits_only_for_the_own_village_and_a_day_that_can_be(db: None) -> None:
    here, clerk, _ = await full_month()
    with pytest.raises(NotPermitted):
        await wait_for(await clerk_of(here.codes[0]), wish(here, 3))
    with pytest.raises(Blocked, match="不在合同期限内"):
        far = NewOrder(here.contract, here.codes[3], buying.soon(900))
        await wait_for(clerk, far)


async def test_a_month_that_is_over_ends_the_waiting_and_says_so(db: None) -> None:
    here, clerk, _ = await full_month()
    await wait_for(clerk, wish(here, 3))
    assert await serve_queues(at(next_month(2))) == {"placed": 0, "ended": 1}
    assert await state_of(3, here) == "ended"
    told = await database.fetch("SELECT msgid FROM notification WHERE account_id = $1", clerk.actor)
    assert "没有等到" in told[-1]["msgid"]


async def test_raw_sql_cannot_wait_twice_or_be_placed_without_an_order(db: None) -> None:
    here, clerk, _ = await full_month()
    await wait_for(clerk, wish(here, 3))
    await refused(
        "village_wait_once",
        """INSERT INTO village_wait (contract_id, product_id, place_id, month, wished_start, status, asked_by,
                                     asked_at)
           SELECT contract_id, product_id, place_id, month, wished_start, status, asked_by, asked_at
           FROM village_wait""",
    )
    await refused("village_wait_placed", "UPDATE village_wait SET status = 'placed', closed_at = now()")
    for change in ("closed_at = now()", "status = 'left'"):
        await refused("village_wait_closed", f"UPDATE village_wait SET {change}")
    for change in ("status = 'ended', closed_at = now()", "reason = 'no_day'"):
        await refused("village_wait_reasoned", f"UPDATE village_wait SET {change}")


async def test_raw_sql_waits_for_the_month_of_the_wished_day_and_for_the_contracts_own_product(db: None) -> None:
    here, clerk, _ = await full_month()
    await wait_for(clerk, wish(here, 3))
    await refused("village_wait_month", "UPDATE village_wait SET month = month + interval '1 month'")
    other = await buying.product(here.organization)
    of_contract = "village_wait_contract_id_product_id_fkey"  # it leans on contract_of_product
    await refused(of_contract, "UPDATE village_wait SET product_id = $1", other)


async def test_a_freed_unit_goes_to_the_first_of_two_whoever_serves_and_whoever_orders_at_once(db: None) -> None:
    here, clerk, placed = await full_month(villages=4, units=1)
    here_key = await key(here)
    clerks = [await clerk_of(code) for code in here.codes]
    for _ in range(rounds(4, 100)):
        for number in (1, 2):
            await wait_for(clerk, wish(here, number))
        outcomes = await asyncio.gather(
            service.cancel_order(clerk, placed[0], "同时"),
            *(serve(here_key, clock.now()) for _ in range(3)),
            service.place_orders(clerks[3], [wish(here, 3)]),
            return_exceptions=True,
        )
        refused = [one for one in outcomes if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [Blocked], outcomes
        await serve_queues(clock.now())
        assert (await state_of(1, here), await state_of(2, here)) == ("placed", "waiting")
        live = await database.fetch("SELECT id FROM village_order WHERE live")
        assert len(live) == 1
        placed = [live[0]["id"]]
        await leave(clerk, (await queries.of_villages(scope(clerk)))[0].public_id)
