"""Real connections at the same instant around an offer: one outcome each time, the place never free, no deadlock."""

from uuid import UUID

from app.core import database
from app.core.access import Principal, Role
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.exchanges import service
from volunteers.assignments.exchanges.answering import accept, decline
from volunteers.assignments.exchanges.jobs import end_unanswered_exchanges
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, set_capacity
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.waiting.service import join_line

LIVE = "SELECT person_id FROM sign_up WHERE position_id = $1 AND live ORDER BY id"
OPEN_WITHOUT_SEAT = """
SELECT count(*) FROM seat_exchange o JOIN sign_up f ON f.id = o.from_sign_up_id
LEFT JOIN sign_up t ON t.id = o.to_sign_up_id
WHERE o.status = 'offered' AND (f.status <> 'confirmed' OR t.status <> 'confirmed')
"""


async def shift(hours: float, capacity: int = 1) -> Published:
    [found] = await world.publish(await world.draft(hours, positions=(PositionDraft("helper", capacity),)))
    return found


async def public_ids(people: list[tuple[int, Principal]]) -> list[UUID]:
    rows = await database.fetch("SELECT id, public_id FROM person")
    by_id = {row["id"]: row["public_id"] for row in rows}
    return [by_id[person_id] for person_id, _ in people]


async def held_by(position_id: int) -> list[int]:
    return [row["person_id"] for row in await database.fetch(LIVE, position_id)]


async def test_many_who_open_the_same_link_at_once_are_one_substitute_and_the_line_waits_on(crowd: None) -> None:
    (_, one), (_, waiting), *comers = await world.volunteers(12)
    for number in range(rounds(3, 100)):
        found = await shift(9 + 24 * number)
        held = await sign_up(one, found.position_ids[0])
        await join_line(waiting, found.position_ids[0])
        link = await service.offer_by_link(one, held)
        seen = await outcomes([accept(who, link) for _, who in comers])
        assert seen == {"ok": 1, "OfferIsOver": 9}
        [person_id] = await held_by(found.position_ids[0])
        assert person_id in {comer for comer, _ in comers}
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_a_substitute_says_yes_while_the_holder_steps_back_and_the_place_has_one_heir(crowd: None) -> None:
    people = await world.volunteers(3)
    (_, one), (other_id, other), (third_id, third) = people
    ids = await public_ids(people)
    for number in range(rounds(3, 100)):
        found = await shift(9 + 24 * number)
        held = await sign_up(one, found.position_ids[0])
        await join_line(third, found.position_ids[0])
        offer = await service.offer_to(one, held, ids[1])
        attempts = [accept(other, offer), withdraw(one, held), service.withdraw_offer(one, offer)]
        await outcomes(attempts[number % 3 :] + attempts[: number % 3])
        [heir] = await held_by(found.position_ids[0])
        assert heir in (other_id, third_id)
    assert await database.fetch_value(OPEN_WITHOUT_SEAT) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_a_swap_against_a_withdrawal_happens_wholly_or_not_at_all(crowd: None) -> None:
    (one_id, one), (other_id, other) = await world.volunteers(2)
    for number in range(rounds(3, 100)):
        here, there = await shift(9 + 72 * number), await shift(33 + 72 * number)
        held, theirs = await sign_up(one, here.position_ids[0]), await sign_up(other, there.position_ids[0])
        offer = await service.propose_swap(one, held, theirs)
        attempts = [accept(other, offer), withdraw(one, held) if number % 2 else withdraw(other, theirs)]
        seen = await outcomes(attempts[:: 1 if number % 4 < 2 else -1])
        assert seen["ok"] == 1
        now = (await held_by(here.position_ids[0]), await held_by(there.position_ids[0]))
        assert now in (([other_id], [one_id]), ([], [other_id]), ([one_id], []))
    assert await database.fetch_value(OPEN_WITHOUT_SEAT) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_an_exchange_against_a_cut_or_the_end_of_the_shift_leaves_nobody_twice_and_nothing_overbooked(
    crowd: None,
) -> None:
    people = await world.volunteers(4)
    officer = await world.officer(Role.COORDINATOR)
    ids = await public_ids(people)
    for number in range(rounds(3, 100)):
        found = await shift(9 + 24 * number, 2)
        held = await sign_up(people[0][1], found.position_ids[0])
        offer = await service.offer_to(people[0][1], held, ids[1])
        last = (
            cancel_assignment(officer, found.reference, "weather")
            if number % 2
            else sign_up(people[2][1], found.position_ids[0])
        )
        seen = await outcomes([
            accept(people[1][1], offer), set_capacity(officer, found.reference, 1, 1), last,
            service.withdraw_offer(people[0][1], offer), decline(people[1][1], offer),
        ])  # fmt: skip
        assert seen["ok"] >= 2
        row = await database.fetch_one(
            """SELECT p.booked, p.capacity, a.status FROM position p JOIN assignment a ON a.id = p.assignment_id
               WHERE p.id = $1""",
            found.position_ids[0],
        )
        assert row is not None
        assert len(await held_by(found.position_ids[0])) == row["booked"] <= row["capacity"]
        assert row["booked"] == 0 or row["status"] != "cancelled"
        await database.execute(
            """UPDATE sign_up SET status = 'released', ended_at = starts - interval '1 day', ended_reason = 'left'
               WHERE live AND assignment_id = $1""",
            found.id,
        )
    assert await database.fetch_value(OPEN_WITHOUT_SEAT) == 0


async def test_a_swap_against_a_cut_or_the_end_of_one_of_its_shifts_changes_both_or_neither(crowd: None) -> None:
    (one_id, one), (other_id, other) = await world.volunteers(2)
    officer = await world.officer(Role.COORDINATOR)
    for number in range(rounds(3, 100)):
        here, there = await shift(9 + 72 * number, 2), await shift(33 + 72 * number, 2)
        held, theirs = await sign_up(one, here.position_ids[0]), await sign_up(other, there.position_ids[0])
        offer = await service.propose_swap(one, held, theirs)
        ending = cancel_assignment(officer, (here, there)[number % 2].reference, "weather")
        attempts = [accept(other, offer), set_capacity(officer, there.reference, 1, 1), ending]
        seen = await outcomes(attempts[number % 3 :] + attempts[: number % 3])
        assert seen["ok"] >= 2
        now = [await held_by(found.position_ids[0]) for found in (here, there)]
        before, after = [[one_id], [other_id]], [[other_id], [one_id]]
        ended = number % 2
        assert now[ended] == []
        assert now[1 - ended] in (before[1 - ended], after[1 - ended])
    assert await database.fetch_value(OPEN_WITHOUT_SEAT) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_everybody_swaps_with_everybody_at_once_and_each_seat_keeps_exactly_one_person(crowd: None) -> None:
    people = await world.volunteers(6)
    for number in range(rounds(3, 100)):
        shifts = [await shift(9 + 24 * 7 * number + 24 * day) for day in range(6)]
        held = [await sign_up(who, found.position_ids[0]) for (_, who), found in zip(people, shifts, strict=True)]
        offers = [
            await service.propose_swap(people[place][1], held[place], held[(place + 1) % 6]) for place in range(6)
        ]
        seen = await outcomes([
            *(accept(people[(place + 1) % 6][1], offer) for place, offer in enumerate(offers)),
            *(service.withdraw_offer(people[place][1], offers[place]) for place in (1, 4)),
            end_unanswered_exchanges(world.MONDAY), withdraw(people[2][1], held[2]),
        ])  # fmt: skip
        assert seen["ok"] >= 2
        seats = [await held_by(found.position_ids[0]) for found in shifts]
        seated = [person_id for one in seats for person_id in one]
        assert all(len(one) <= 1 for one in seats)
        assert len(seated) == len(set(seated)) >= 5
        assert await database.fetch_value(OPEN_WITHOUT_SEAT) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0
