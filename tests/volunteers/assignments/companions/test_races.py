"""Real connections at the same instant around a group: seated whole or not at all, and no deadlock."""

from app.core import database
from app.core.access import Principal
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.companions import service
from volunteers.assignments.companions.jobs import end_overdue_companions
from volunteers.assignments.companions.service import Invitation
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

TORN = """
SELECT count(*) FROM companion_group g
WHERE (g.status = 'seated') <> (g.size = (SELECT count(*) FROM companion c JOIN sign_up s ON s.id = c.sign_up_id
                                          WHERE c.group_id = g.id AND c.left_at IS NULL AND s.live))
"""


async def shift(hours: float, capacity: int) -> int:
    [found] = await world.publish(await world.draft(hours, positions=(PositionDraft("helper", capacity),)))
    return found.position_ids[0]


async def nearly_complete(position: int, people: list[tuple[int, Principal]]) -> Invitation:
    """Let all but the last agree."""
    (_, maker), *others = people
    made = await service.gather(maker, position, len(people))
    for _, who in others[:-1]:
        await service.agree(who, made.token)
    return made


async def status_of(made: Invitation) -> str:
    return str(await database.fetch_value("SELECT status FROM companion_group WHERE public_id = $1", made.public_id))


async def booked(position: int) -> int:
    return int(await database.fetch_value("SELECT booked FROM position WHERE id = $1", position))


async def test_two_groups_of_three_that_complete_at_once_on_five_seats_are_exactly_one(crowd: None) -> None:
    people = await world.volunteers(6)
    sides = [people[:3], people[:2:-1]]
    for number in range(rounds(3, 100)):
        position = await shift(9 + 24 * number, 5)
        made = [await nearly_complete(position, side) for side in sides]
        attempts = [service.agree(side[-1][1], one.token) for side, one in zip(sides, made, strict=True)]
        assert await outcomes(attempts[:: 1 if number % 2 else -1]) == {"ok": 2}
        assert sorted([await status_of(one) for one in made]) == ["gathering", "seated"]
        assert await booked(position) == 3
    assert await database.fetch_value(TORN) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_the_last_yes_against_dissolving_seats_all_or_nobody(crowd: None) -> None:
    people = await world.volunteers(3)
    for number in range(rounds(3, 100)):
        position = await shift(9 + 24 * number, 5)
        made = await nearly_complete(position, people)
        attempts = [
            service.agree(people[2][1], made.token),
            service.dissolve(people[0][1], made.public_id),
            end_overdue_companions(world.MONDAY) if number % 2 else service.leave(people[1][1], made.public_id),
        ]
        await outcomes(attempts[number % 3 :] + attempts[: number % 3])
        assert (await status_of(made), await booked(position)) in (("seated", 3), ("dissolved", 0), ("expired", 0))
    assert await database.fetch_value(TORN) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_the_last_yes_against_another_who_takes_a_seat_seats_all_or_nobody(crowd: None) -> None:
    people = await world.volunteers(6)
    for number in range(rounds(3, 100)):
        position = await shift(9 + 24 * number, 3)
        made = await nearly_complete(position, people[:3])
        attempts = [service.agree(people[2][1], made.token), sign_up(people[3][1], position)]
        attempts += [sign_up(people[4][1], position), service.try_again(people[0][1], made.public_id)]
        seen = await outcomes(attempts[number % 4 :] + attempts[: number % 4])
        assert seen["ok"] >= 1
        assert (await status_of(made), await booked(position)) in (("seated", 3), ("gathering", 1), ("gathering", 2))
    assert await database.fetch_value(TORN) == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_many_who_open_one_link_at_once_are_as_many_as_were_to_come(crowd: None) -> None:
    (_, maker), *friends = await world.volunteers(8)
    for number in range(rounds(3, 100)):
        position = await shift(9 + 24 * number, 6)
        made = await service.gather(maker, position, 4)
        seen = await outcomes([service.agree(who, made.token) for _, who in friends])
        assert seen == {"ok": 3, "GroupIsOver": 4}
        assert await booked(position) == 4
    assert await database.fetch_value(TORN) == 0
