"""Real connections at the same instant around a waiting list: one winner each time, no seat lost, no deadlock."""

from datetime import timedelta

from app.core import clock, database
from app.core.access import Role
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.disruptions import set_capacity
from volunteers.assignments.sign_ups.service import accept, sign_up, withdraw
from volunteers.assignments.waiting.jobs import pass_on_overdue_offers
from volunteers.assignments.waiting.service import join_line

OFFER = "SELECT id, public_id FROM sign_up WHERE status = 'offered' AND position_id = $1"
HELD = "SELECT count(*) FROM sign_up WHERE position_id = $1 AND live"


async def test_who_is_first_in_line_gets_the_seat_and_not_whoever_signs_up_at_that_instant(crowd: None) -> None:
    (_, holder), (_, waiting), *passers = await world.volunteers(8)
    for number in range(rounds(3, 100)):
        [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 1),)))
        position = shift.position_ids[0]
        taken = await sign_up(holder, position)
        await join_line(waiting, position)
        seen = await outcomes([withdraw(holder, taken), *(sign_up(who, position) for _, who in passers)])
        assert seen == {"ok": 1, "ShiftIsFull": 6}
        [seat] = await database.fetch("SELECT status, person_id FROM sign_up WHERE position_id = $1 AND live", position)
        assert seat["status"] == "offered"
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_many_who_wait_for_each_others_seats_and_all_step_back_at_once_never_deadlock(crowd: None) -> None:
    people = [who for _, who in await world.volunteers(6)]
    for number in range(rounds(3, 100)):
        drafts = [await world.draft(9 + 24 * 7 * number + 24 * n, positions=(PositionDraft("helper", 1),))
                  for n in range(6)]  # fmt: skip
        positions = [shift.position_ids[0] for shift in await world.publish(*drafts)]
        taken = [await sign_up(who, position) for who, position in zip(people, positions, strict=True)]
        for place, position in enumerate(positions):
            for who in (*people[place + 1 :], *people[:place]):
                await join_line(who, position)
        seen = await outcomes([withdraw(who, one) for who, one in zip(people, taken, strict=True)])
        assert seen == {"ok": 6}
        for position in positions:
            assert await database.fetch_value(HELD, position) == 1
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_an_offer_that_expires_while_it_is_accepted_has_exactly_one_outcome(crowd: None) -> None:
    (_, holder), (_, first), (_, second) = await world.volunteers(3)
    for number in range(rounds(3, 100)):
        [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 1),)))
        position = shift.position_ids[0]
        taken = await sign_up(holder, position)
        await join_line(first, position)
        await join_line(second, position)
        await withdraw(holder, taken)
        offer = await database.fetch_one(OFFER, position)
        assert offer is not None
        await database.execute("UPDATE sign_up SET offer_expires_at = $2 WHERE id = $1", offer["id"], clock.now())
        early = clock.now() - timedelta(seconds=1)

        async def in_time(public_id: object = offer["public_id"], at: object = early) -> None:
            with clock.travelled_to(at):  # type: ignore[arg-type]
                await accept(first, public_id)  # type: ignore[arg-type]

        await outcomes([in_time(), pass_on_overdue_offers(clock.now())])
        rows = await database.fetch("SELECT status, person_id FROM sign_up WHERE position_id = $1 AND live", position)
        assert len(rows) == 1
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_a_capacity_raised_and_cut_while_people_come_and_go_is_never_exceeded(crowd: None) -> None:
    staff = await world.officer(Role.COORDINATOR)
    people = [who for _, who in await world.volunteers(6)]
    for number in range(rounds(3, 100)):
        [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 1),)))
        position = shift.position_ids[0]
        taken = await sign_up(people[0], position)
        for who in people[1:4]:
            await join_line(who, position)
        await outcomes([
            set_capacity(staff, shift.reference, 1, 3), set_capacity(staff, shift.reference, 1, 2),
            withdraw(people[0], taken), sign_up(people[4], position), join_line(people[5], position),
        ])  # fmt: skip
        row = await database.fetch_one("SELECT booked, capacity FROM position WHERE id = $1", position)
        assert row is not None
        assert await database.fetch_value(HELD, position) == row["booked"] == row["capacity"]
