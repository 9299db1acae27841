"""The line of a full position: who is next, for how long an offer stands, and what the database itself refuses."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.principals import register_role_map
from app.composition import role_map
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests import world as people_world
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, set_capacity
from volunteers.assignments.sign_ups.rules import CredentialMissing, SignUpStatus
from volunteers.assignments.sign_ups.service import accept, sign_up, withdraw
from volunteers.assignments.waiting import queries, service
from volunteers.assignments.waiting.jobs import pass_on_overdue_offers
from volunteers.assignments.waiting.rules import (
    LONGEST_OFFER,
    SHORTEST_OFFER,
    TRANSITIONS,
    AlreadyWaiting,
    EntryEvent,
    EntryStatus,
    NoSuchPlace,
    OfferExpired,
    ReasonForMovingMissing,
    SeatsLeft,
    offer_until,
)
from volunteers.people.rules import PersonEvent
from volunteers.people.service import change_status

OPEN = PositionDraft("志愿者", capacity=1, minimum=1)


@pytest.fixture(autouse=True)
def roles() -> None:
    """Let roles mean what the packages' wiring says."""
    register_role_map(role_map())


async def volunteers(number: int) -> list[Principal]:
    return [who for _, who in await world.people([world.profile() for _ in range(number)])]


async def full_shift(holder: Principal) -> tuple[str, int, UUID]:
    """Return a shift with one seat, taken: its reference, the position, the holder's sign-up."""
    [shift] = await world.publish(await world.draft(positions=(OPEN,)))
    return shift.reference, shift.position_ids[0], await sign_up(holder, shift.position_ids[0])


async def statuses(position_id: int) -> list[str]:
    rows = await database.fetch("SELECT status FROM waiting_entry WHERE position_id = $1 ORDER BY id", position_id)
    return [row["status"] for row in rows]


async def offer_to(who: Principal) -> database.Row:
    row = await database.fetch_one(
        """SELECT s.* FROM sign_up s JOIN person ON person.id = s.person_id
           WHERE person.account_id = $1 AND s.status = 'offered'""",
        who.actor,
    )
    assert row is not None
    return row


async def in_line(position_id: int, people: Sequence[Principal]) -> list[UUID]:
    return [await service.join_line(who, position_id) for who in people]


async def messages_to(who: Principal) -> int:
    return await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND channel = 'in_app'", who.actor
    )


@pytest.mark.parametrize(("status", "event"), list(itertools.product(EntryStatus, EntryEvent)))
def test_every_pair_of_status_and_event_is_decided(status: EntryStatus, event: EntryEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@given(st.timedeltas(timedelta(minutes=-10), timedelta(days=60)))
def test_an_offer_ends_before_the_start_and_leaves_the_next_a_chance(left: timedelta) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    until = offer_until(now, now + left)
    if left < SHORTEST_OFFER:
        assert until is None
    else:
        assert until is not None
        assert SHORTEST_OFFER <= until - now <= LONGEST_OFFER
        assert until <= now + left
        assert until - now <= max(SHORTEST_OFFER, left / 4)


async def test_who_steps_back_passes_the_seat_to_the_first_in_line_in_the_same_moment(db: None) -> None:
    holder, first, second = await volunteers(3)
    reference, position, taken = await full_shift(holder)
    await in_line(position, [first, second])
    assert [one.place for one in await queries.my_places(second)] == [2]
    await withdraw(holder, taken)
    offered = await offer_to(first)
    assert offered["offer_expires_at"] - clock.now() <= LONGEST_OFFER
    assert await messages_to(first) == 1
    assert await statuses(position) == ["offered", "waiting"]
    with pytest.raises(Exception, match="shift_is_full"):
        await sign_up(holder, position)
    await accept(first, offered["public_id"])
    assert await statuses(position) == ["accepted", "waiting"]
    assert [(one.place, one.status) for one in await queries.public_order(reference)] == [
        (1, EntryStatus.WAITING),
        (None, EntryStatus.ACCEPTED),
    ]


async def test_an_offer_that_is_declined_or_not_answered_goes_to_the_next(db: None) -> None:
    holder, first, second, third = await volunteers(4)
    _, position, taken = await full_shift(holder)
    await in_line(position, [first, second, third])
    await withdraw(holder, taken)
    await withdraw(first, (await offer_to(first))["public_id"])
    assert await statuses(position) == ["declined", "offered", "waiting"]
    late = await offer_to(second)
    await database.execute("UPDATE sign_up SET offer_expires_at = now() WHERE id = $1", late["id"])
    with clock.travelled_to(clock.now() + timedelta(seconds=2)):
        with pytest.raises(OfferExpired):
            await accept(second, late["public_id"])
        assert await pass_on_overdue_offers(clock.now()) == {"ended": 1}
        assert await pass_on_overdue_offers(clock.now()) == {"ended": 0}
    assert await statuses(position) == ["declined", "expired", "offered"]
    await accept(third, (await offer_to(third))["public_id"])


async def test_who_no_longer_fits_is_passed_over_with_the_reason_in_public(db: None) -> None:
    holder, first, second = await volunteers(3)
    reference, position, taken = await full_shift(holder)
    await in_line(position, [first, second])
    await change_status(first, PersonEvent.PAUSE)
    await withdraw(holder, taken)
    assert await statuses(position) == ["passed_over", "offered"]
    (why,) = await queries.exemptions(reference)
    assert (why.kind, why.from_place, why.reasons) == ("passed_over", 1, ("not_active",))


async def test_a_raised_capacity_is_offered_at_once_and_a_cancelled_shift_ends_the_line(db: None) -> None:
    holder, *waiting = await volunteers(4)
    reference, position, _ = await full_shift(holder)
    await in_line(position, waiting)
    staff = await people_world.account(Role.STATION_STAFF, place=world.TOWN)
    await set_capacity(staff, reference, 1, 3)
    assert await statuses(position) == ["offered", "offered", "waiting"]
    await cancel_assignment(staff, reference, "停电")
    assert await statuses(position) == ["expired", "expired", "ended"]
    told = await database.fetch_value("SELECT count(*) FROM notification WHERE account_id = $1", waiting[2].actor)
    assert told == 1


async def test_nobody_waits_where_seats_are_free_twice_or_without_the_right_to_the_seat(db: None) -> None:
    holder, first = await volunteers(2)
    [free] = await world.publish(await world.draft(positions=(OPEN,)))
    with pytest.raises(SeatsLeft):
        await service.join_line(first, free.position_ids[0])
    _, position, taken = await full_shift(holder)
    (entry,) = await in_line(position, [first])
    with pytest.raises(AlreadyWaiting):
        await service.join_line(first, position)
    with pytest.raises(NotFound):
        await service.leave_line(holder, entry)
    await service.leave_line(first, entry)
    await withdraw(holder, taken)
    assert await statuses(position) == ["left"]

    lawyer = (await world.people([world.profile(credentials=(world.licence(),))]))[0][1]
    asked = PositionDraft("律师", credentials_any=("lawyer",))
    [duty] = await world.publish(await world.draft(33, positions=(asked,)))
    await sign_up(lawyer, duty.position_ids[0])
    with pytest.raises(CredentialMissing):
        await service.join_line(first, duty.position_ids[0])


async def test_the_order_changes_only_for_a_reason_that_everybody_reads(db: None) -> None:
    holder, first, second, third = await volunteers(4)
    reference, position, _ = await full_shift(holder)
    entries = await in_line(position, [first, second, third])
    staff = await people_world.account(Role.STATION_STAFF, place=world.TOWN)
    stranger = await people_world.account(Role.STATION_STAFF, place="330127100")
    with pytest.raises(ReasonForMovingMissing):
        await service.move_in_line(staff, entries[2], 1, " ")
    with pytest.raises(NoSuchPlace):
        await service.move_in_line(staff, entries[2], 4, "x")
    with pytest.raises(NotPermitted):
        await service.move_in_line(stranger, entries[2], 1, "x")
    await service.move_in_line(staff, entries[2], 1, "会说萧山话")
    assert [(await queries.my_places(who))[0].place for who in (first, second, third)] == [2, 3, 1]
    async with client() as visitor:
        page = (await visitor.get(f"/assignments/{reference}/waiting")).text
    assert "会说萧山话" in page
    assert "第 3 位改到第 1 位" in page


async def test_the_database_keeps_the_turn_and_the_time_whoever_writes(db: None) -> None:
    holder, first, second = await volunteers(3)
    _, position, taken = await full_shift(holder)
    *_, moved = entries = await in_line(position, [second, first])
    await service.move_in_line(await people_world.account(Role.STATION_STAFF, place=world.TOWN), moved, 1, "会说萧山话")
    entries.reverse()
    await withdraw(holder, taken)
    offered = await offer_to(first)
    with pytest.raises(asyncpg.CheckViolationError, match="offer_has_its_seat"):
        await database.execute("UPDATE waiting_entry SET status = 'offered' WHERE public_id = $1", entries[1])
    await database.execute("UPDATE sign_up SET offer_expires_at = now() WHERE id = $1", offered["id"])
    with pytest.raises(asyncpg.CheckViolationError, match="has expired"):
        await database.execute("UPDATE sign_up SET status = 'confirmed' WHERE id = $1", offered["id"])
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("DELETE FROM waiting_event")
    await database.execute("UPDATE sign_up SET offer_expires_at = NULL WHERE id = $1", offered["id"])
    with pytest.raises(asyncpg.CheckViolationError, match="no timed offer"):
        await database.execute("UPDATE waiting_entry SET line = 1 WHERE public_id = $1", entries[0])


async def test_a_place_out_of_turn_gets_no_offer(db: None) -> None:
    holder, first, second = await volunteers(3)
    _, position, taken = await full_shift(holder)
    entries = await in_line(position, [first, second])
    await withdraw(holder, taken)
    await database.execute(
        "UPDATE waiting_entry SET status = 'waiting', sign_up_id = NULL WHERE public_id = $1", entries[0]
    )
    with pytest.raises(asyncpg.CheckViolationError, match="not the next in line"):
        await database.execute(
            """UPDATE waiting_entry SET status = 'offered',
                      sign_up_id = (SELECT id FROM sign_up WHERE status = 'offered') WHERE public_id = $1""",
            entries[1],
        )


async def test_a_full_shift_offers_the_line_on_its_page_and_in_the_api(db: None) -> None:
    holder, first = await volunteers(2)
    reference, _, taken = await full_shift(holder)
    async with client(first) as page:
        assert "排候补" in (await page.get(f"/assignments/{reference}")).text
        assert (await page.post(f"/assignments/{reference}/1/wait")).status_code == 303
        assert "你在候补第 1 位" in (await page.get(f"/assignments/{reference}")).text
        (place,) = (await page.get("/api/v1/waiting-list", headers={"accept": "application/json"})).json()
        assert (place["assignment"], place["place"]) == (reference, 1)
        await withdraw(holder, taken)
        assert "轮到你了" in (await page.get(f"/assignments/{reference}")).text
        assert "前答复" in (await page.get("/my/assignments")).text
    assert (await offer_to(first))["status"] == SignUpStatus.OFFERED
