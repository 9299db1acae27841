"""Both sides agree on another time: the order, the shift and the people on it move together, or nothing does."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.changes.rules import AlreadyProposed, NotMovable
from procurement.deliveries.changes.service import agree, lapse_proposals, propose, refuse, take_back
from procurement.deliveries.service import NewOrder
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.months.test_months import at, next_month, state, taken, with_year
from tests.procurement.deliveries.test_orders import Ground, ground
from tests.refusals import refused

DAY = timedelta(days=1)


async def order_of(here: Ground, *, take: bool = True) -> tuple[Principal, int]:
    """Return the clerk of a village and its order in the middle of next month, taken and scheduled."""
    await with_year(here)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    [order] = await service.place_orders(clerk, [NewOrder(here.contract, here.codes[0], at(next_month() + 9 * DAY))])
    if take:
        assert await service.answer_orders(here.who.provider, [OrderAnswer(order, True)]) == {"scheduled": 1}
    return clerk, order


async def times(order: int) -> tuple[object, object]:
    [row] = await database.fetch(
        """SELECT o.wished_start, a.starts FROM village_order o LEFT JOIN assignment a ON a.id = o.assignment_id
           WHERE o.id = $1""",
        order,
    )
    return row["wished_start"], row["starts"]


async def test_a_village_proposes_and_the_provider_agrees(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    new = at(next_month() + 12 * DAY)
    proposal = await propose(clerk, order, new, "那天村里有集市")
    told = await database.fetch("SELECT msgid FROM notification WHERE account_id = $1", here.who.provider.actor)
    assert "想改到" in told[-1]["msgid"]
    with pytest.raises(AlreadyProposed):
        await propose(here.who.provider, order, new + DAY)
    with pytest.raises(NotFound):
        await agree(clerk, proposal)
    await agree(here.who.provider, proposal)
    assert await times(order) == (new, new)
    with pytest.raises(TransitionRefused):
        await agree(here.who.provider, proposal)


async def test_a_provider_proposes_and_the_village_refuses_or_the_provider_takes_it_back(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    old = at(next_month() + 9 * DAY)
    await refuse(clerk, await propose(here.who.provider, order, old + DAY))
    proposal = await propose(here.who.provider, order, old + 2 * DAY)
    with pytest.raises(NotFound):
        await take_back(clerk, proposal)
    await take_back(here.who.provider, proposal)
    assert await times(order) == (old, old)
    statuses = await database.fetch("SELECT status FROM order_change ORDER BY id")
    assert [row["status"] for row in statuses] == ["refused", "withdrawn"]


async def test_an_order_that_nobody_took_yet_moves_as_well(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here, take=False)
    new = at(next_month() + DAY)
    await agree(here.who.provider, await propose(clerk, order, new))
    assert await times(order) == (new, None)


async def test_a_move_to_another_month_is_counted_there_and_needs_room(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    if next_month().month == 12:
        with pytest.raises(Blocked, match="不能改到另一年"):
            await propose(clerk, order, at(next_month(2)))
        return
    await state(here, 0, next_month(2))
    with pytest.raises(Blocked, match="已经点满"):
        await propose(clerk, order, at(next_month(2)))
    await state(here, 1, next_month(2))
    await agree(here.who.provider, await propose(clerk, order, at(next_month(2))))
    assert (await taken(next_month()), await taken(next_month(2))) == (0, 1)


async def test_only_the_two_sides_move_an_order_and_not_one_person_for_both(db: None) -> None:
    here = await ground(villages=2)
    clerk, order = await order_of(here)
    new = at(next_month() + 12 * DAY)
    for stranger in (
        await buying.person_as(Role.VILLAGE_CLERK, here.codes[1]),
        await buying.person_as(Role.PROVIDER, None, await buying.organization()),
    ):
        with pytest.raises(NotFound):
            await propose(stranger, order, new)
    proposal = await propose(clerk, order, new)
    with pytest.raises(SamePersonRefused):
        await agree(buying.acting(clerk.actor, Role.PROVIDER, None, here.organization), proposal)
    with pytest.raises(InvalidInput):
        await propose(clerk, order, None)


async def test_a_visit_that_is_over_does_not_move_and_its_proposal_ends(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here, take=False)
    proposal = await propose(here.who.provider, order, at(next_month() + 12 * DAY))
    await service.cancel_order(clerk, order, "村里停电")
    with pytest.raises(NotMovable):
        await agree(clerk, proposal)
    assert await lapse_proposals(clock.now()) == 1
    assert await lapse_proposals(clock.now()) == 0


async def test_raw_sql_cannot_propose_twice_or_agree_with_oneself(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    await propose(clerk, order, at(next_month() + 12 * DAY))
    await refused(
        "order_change_once",
        """INSERT INTO order_change (village_order_id, side, wished_start, status, proposed_by, proposed_at)
           SELECT village_order_id, side, wished_start, status, proposed_by, proposed_at FROM order_change""",
    )
    await refused(
        "order_change_by_another",
        "UPDATE order_change SET status = 'agreed', answered_by = proposed_by, closed_at = now()",
    )
    for change in ("closed_at = now()", "status = 'withdrawn'", "status = 'lapsed'"):
        await refused("order_change_closed", f"UPDATE order_change SET {change}")
    for status, answered_by in (("agreed", None), ("refused", None), ("withdrawn", here.who.provider.actor)):
        await refused(
            "order_change_answered",
            "UPDATE order_change SET status = $1, answered_by = $2, closed_at = now()",
            status,
            answered_by,
        )


async def test_raw_sql_neither_reopens_nor_rewrites_nor_deletes_what_was_agreed(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    proposal = await propose(clerk, order, at(next_month() + 12 * DAY))
    await refused(
        "order_change_answered_once", "UPDATE order_change SET wished_start = wished_start + interval '1 day'"
    )
    await agree(here.who.provider, proposal)
    reopened = "status = 'proposed', answered_by = NULL, closed_at = NULL"
    for change in (reopened, "note_zh = 'x'", "closed_at = now()", "status = 'refused'"):
        await refused("order_change_answered_once", f"UPDATE order_change SET {change}")
    await refused("order_change_answered_once", "DELETE FROM order_change")
    await refused(
        "order_change_answered_once",
        """INSERT INTO order_change (village_order_id, side, wished_start, status, proposed_by, proposed_at,
                                     answered_by, closed_at)
           SELECT village_order_id, side, wished_start, status, proposed_by, proposed_at, answered_by, closed_at
           FROM order_change""",
    )


async def test_agreeing_and_taking_back_at_once_leaves_one_of_them(db: None) -> None:
    here = await ground(villages=1)
    clerk, order = await order_of(here)
    for number in range(rounds(4, 100)):
        new = at(next_month() + (10 + number % 2) * DAY)
        proposal = await propose(clerk, order, new)
        before = await times(order)
        agreed, back = await asyncio.gather(
            agree(here.who.provider, proposal), take_back(clerk, proposal), return_exceptions=True
        )
        refused = [one for one in (agreed, back) if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [TransitionRefused], refused
        assert await times(order) == ((new, new) if agreed is None else before)
