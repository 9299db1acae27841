"""What of the world goes into an instance, which is always sound: what a person said, holds, gave back and answered."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Principal
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.small import MONDAY
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.files import decode_instance, encode
from volunteers.dispatch.engine.instance import Instance, ShiftKind, Volunteer
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.results import proposals
from volunteers.dispatch.week import read_instance

ELSEWHERE = "330127100"


async def read(place: str = world.TOWN) -> Instance:
    """Read the week; whatever happened in it, it is no contradiction."""
    instance = await read_instance(place, MONDAY)
    assert decode_instance(encode(instance)) == instance
    return instance


async def sent(place: str = world.TOWN) -> set[tuple[int, int, bool]]:
    """Read and solve the week; return who goes where, checked."""
    instance = await read(place)
    plan = solve(instance, time_limit=2).plan
    assert check(instance, plan).valid
    return set(proposals(instance, plan))


async def seat(number: int) -> int:
    """Return a position in the order in which they were published."""
    return int(await database.fetch_value("SELECT id FROM position ORDER BY id OFFSET $1 LIMIT 1", number))


async def one(**changes: object) -> tuple[int, Principal]:
    """Register one person who is always free."""
    [found] = await small.people(1, **changes)
    return found


async def far_away(hour: float) -> None:
    """Publish a shift in another district."""
    await small.shifts(hour, place_id=await world.place_id(ELSEWHERE), station_id=await world.station(ELSEWHERE))


def of(instance: Instance, person: int) -> Volunteer:
    """Return a person of the instance."""
    return next(volunteer for volunteer in instance.volunteers if volunteer.id == str(person))


async def test_who_is_busy_in_another_district_is_not_sent_here_at_that_time(db: None) -> None:
    person, principal = await one()
    await far_away(9)
    await sign_up(principal, await seat(0))
    await small.shifts(10, 57)
    assert {row[:2] for row in await sent()} == {(await seat(2), person)}


async def test_the_hours_elsewhere_count_within_ones_limits(db: None) -> None:
    person, principal = await one()
    await far_away(9)
    await sign_up(principal, await seat(0))
    await database.execute("UPDATE person SET max_shifts_week = 1 WHERE id = $1", person)
    await small.shifts(57)
    assert await sent() == set()


async def test_a_night_before_the_week_leaves_time_to_rest(db: None) -> None:
    person, principal = await one()
    await small.shifts(-3, lasting=2)  # Sunday until eleven in the evening
    await sign_up(principal, await seat(0))
    await small.shifts(8, 33)
    assert {row[:2] for row in await sent()} == {(await seat(2), person)}


async def test_a_requirement_that_came_later_leaves_its_people_and_the_week_sound(db: None) -> None:
    (person, principal), (other, _) = await one(languages=("putonghua", "sign")), await one(languages=("putonghua",))
    await small.shifts(9, positions=(PositionDraft("helper", 2, 1, languages_all=("sign",)),))
    await sign_up(principal, await seat(0))
    await database.execute("UPDATE person SET languages = '{putonghua}' WHERE id = $1", person)
    await small.shifts(9.5, 33)
    found = await sent()
    assert (await seat(0), person, True) in found
    assert (await seat(1), person, False) not in found  # they are at that shift, whatever it asks
    assert (await seat(1), other, False) in found


async def test_who_stepped_back_for_a_while_keeps_their_seat_and_gets_no_other(db: None) -> None:
    person, principal = await one()
    await small.shifts(9, 33)
    await sign_up(principal, await seat(0))
    await database.execute("UPDATE person SET status = 'paused' WHERE id = $1", person)
    assert await sent() == {(await seat(0), person, True)}


async def test_limits_that_were_lowered_below_what_is_held_contradict_nothing(db: None) -> None:
    person, principal = await one()
    await small.shifts(9, 33, 57)
    for number in range(2):
        await sign_up(principal, await seat(number))
    await database.execute("UPDATE person SET max_shifts_week = 1, max_minutes_week = 60, max_minutes_day = 60")
    assert {row[:2] for row in await sent()} == {(await seat(0), person), (await seat(1), person)}


async def test_nobody_is_sent_again_to_what_they_gave_back_nor_elsewhere_just_then(db: None) -> None:
    person, principal = await one()
    await small.shifts(9, 9.5, 33)
    await withdraw(principal, await sign_up(principal, await seat(0)))
    assert {row[:2] for row in await sent()} == {(await seat(2), person)}
    await sign_up(principal, await seat(1))  # they found time after all, for the other one
    assert {row[:2] for row in await sent()} == {(await seat(1), person), (await seat(2), person)}


async def test_the_plan_in_force_is_what_the_next_one_keeps(db: None) -> None:
    await small.people(2)
    await small.shifts(9, 33)
    coordinator = await small.planner()
    assert (await read()).previous == ()
    await small.publish(coordinator, await small.solved(coordinator))
    for place in (world.TOWN, "330106", "3301"):
        instance = await read(place)
        assert len(instance.previous) == 2
        assert set(instance.previous) == set(instance.pinned)
    gone = await database.fetch_one(
        "SELECT s.public_id, p.account_id FROM sign_up s JOIN person p ON p.id = s.person_id"
    )
    assert gone is not None
    await database.execute(
        "UPDATE sign_up SET status = 'withdrawn', ended_at = now(), ended_reason = 'own_wish' WHERE public_id = $1",
        gone["public_id"],
    )
    instance = await read()
    assert (len(instance.previous), len(instance.pinned), len(instance.cancelled)) == (2, 1, 1)
    assert solve(instance, time_limit=2).vector.changes == 0  # who gave it back is not missed as a change


async def test_what_has_begun_is_not_planned_and_its_people_are_busy(db: None) -> None:
    person, principal = await one()
    await small.shifts(9, 10, 12.5, 57)
    await sign_up(principal, await seat(0))
    with clock.travelled_to(world.MONDAY + timedelta(hours=9.5)):
        assert {row[:2] for row in await sent()} == {(await seat(2), person), (await seat(3), person)}


@pytest.mark.parametrize(
    ("begins", "ends", "days"),
    [
        (-400, None, [0, 1, 2, 3, 4, 5, 6]),
        (-400, 2, [0, 1, 2]),
        (3, None, []),  # the format knows no beginning: nobody is sent too early
        (0, 1, [0, 1]),
    ],
)
async def test_a_licence_counts_on_the_days_on_which_it_holds(
    db: None, begins: int, ends: int | None, days: list[int]
) -> None:
    held = world.licence(
        valid_from=MONDAY + timedelta(days=begins),
        valid_until=None if ends is None else MONDAY + timedelta(days=ends),
    )
    await one(credentials=(held,))
    await small.shifts(
        *[9 + 24 * day for day in range(7)], positions=(PositionDraft("lawyer", credentials_any=("lawyer",)),)
    )
    assert [number for number in range(7) if await seat(number) in {row[0] for row in await sent()}] == days


async def test_a_licence_that_continues_another_counts_through_the_week(db: None) -> None:
    first = world.licence(valid_until=MONDAY + timedelta(days=2))
    second = world.licence(valid_from=MONDAY + timedelta(days=3))
    person, _ = await one(credentials=(first, second))
    [held] = of(await read(), person).credentials
    assert (held.type, held.expires) == ("lawyer", None)


async def test_a_stations_regular_is_at_home_there(db: None) -> None:
    (person, _), (other, _) = await small.people(2)
    station = await world.station()
    await small.shifts(9, station_id=station)
    marked = "INSERT INTO station_regular (station_id, person_id, marked_by, marked_at) VALUES ($1, $2, $3, now())"
    await database.execute(marked, station, person, (await small.planner()).actor)
    instance = await read()
    assert of(instance, person).familiar_places == (instance.shifts[0].place,)
    assert of(instance, other).familiar_places == ()


async def test_who_never_takes_a_kind_of_offer_is_not_preferred_for_it(db: None) -> None:
    person, _ = await one()
    await small.shifts(*[9 + 24 * day for day in range(4)])
    assert of(await read(), person).preferred_kinds == ()
    for number in range(3):
        await database.execute(
            """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at,
                                    ended_at, ended_reason)
               SELECT p.id, a.id, $2, a.starts, a.ends, 'released', 'dispatch', now(), now(), 'offer_expired'
               FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1""",
            *(await seat(number), person),
        )
    assert set(of(await read(), person).preferred_kinds) == set(ShiftKind) - {ShiftKind.LECTURE}


async def test_a_week_without_any_shift_is_an_empty_instance(db: None) -> None:
    await one()
    instance = await read()
    assert (instance.shifts, instance.places, len(instance.volunteers)) == ((), (), 1)
    assert await sent() == set()
