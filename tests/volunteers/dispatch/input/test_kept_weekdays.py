"""Tuesday is always the same lawyer: a weekday that a station keeps for somebody is told apart from its other days."""

from datetime import timedelta

from app.core import clock, database
from app.core.access import Principal
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.input.test_week import of, read
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY
from volunteers.dispatch.engine.solve import solve

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = range(4)
AT_NINE = {day: 9 + 24 * day for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)}


async def kept(station: int, person: int, *weekdays: int) -> None:
    """Mark somebody for these weekdays; none: for any."""
    await database.execute(
        """INSERT INTO station_regular (station_id, person_id, marked_by, marked_at, weekdays)
           VALUES ($1, $2, $3, now(), $4)""",
        *(station, person, (await small.planner()).actor, list(weekdays)),
    )


async def sent_by_day() -> dict[int, int]:
    """Solve the week; return who goes on which weekday."""
    instance = await read()
    plan = solve(instance, time_limit=2).plan
    assert check(instance, plan).valid
    day = {shift.id: shift.start // MINUTES_PER_DAY for shift in instance.shifts}
    return {day[row.shift]: int(row.volunteer) for row in plan.assignments}


async def came_thrice(station: int, who: Principal) -> None:
    """Let somebody work at the station three times in the week before."""
    with clock.travelled_to(world.MONDAY - timedelta(days=8)):
        drafts = [await world.draft(AT_NINE[day] - 7 * 24, station_id=station) for day in (MONDAY, TUESDAY, WEDNESDAY)]
        for one in await world.publish(*drafts):
            await sign_up(who, one.position_ids[0])
    await database.execute("UPDATE sign_up SET status = 'completed'")


async def test_two_regulars_of_one_station_each_have_their_own_day(db: None) -> None:
    """Whichever way the days are theirs, so that no order of people or shifts could make it so."""
    (one, _), (other, _) = await small.people(2)
    station = await world.station()
    await small.shifts(AT_NINE[TUESDAY], AT_NINE[THURSDAY], station_id=station)
    for tuesdays, thursdays in ((one, other), (other, one)):
        await kept(station, tuesdays, TUESDAY)
        await kept(station, thursdays, THURSDAY)
        assert await sent_by_day() == {TUESDAY: tuesdays, THURSDAY: thursdays}
        await database.execute("UPDATE station_regular SET unmarked_at = now(), unmarked_by = marked_by")


async def test_on_a_kept_day_they_alone_are_at_home_whoever_else_knows_the_place(db: None) -> None:
    (tuesdays, _), (any_day, _), (often, came) = await small.people(3)
    (serving, _), (nobody, _) = await small.people(2)
    station = await world.station()
    await came_thrice(station, came)
    await database.execute(
        "INSERT INTO served_place (person_id, place_id) VALUES ($1, $2)", serving, await world.place_id(world.TOWN)
    )
    await small.shifts(AT_NINE[MONDAY], AT_NINE[TUESDAY], station_id=station)
    await kept(station, tuesdays, TUESDAY)
    await kept(station, any_day)
    instance = await read()
    on_monday, on_tuesday = (shift.place for shift in sorted(instance.shifts, key=lambda shift: shift.start))
    assert on_monday != on_tuesday
    at_home = {person: of(instance, person).familiar_places for person in (tuesdays, any_day, often, serving, nobody)}
    assert at_home == {
        tuesdays: (on_tuesday,), any_day: (on_monday,), often: (on_monday,), serving: (on_monday,), nobody: (),
    }  # fmt: skip
    points = {(place.x, place.y) for place in instance.places}
    assert (len(instance.places), len(points)) == (2, 1)


async def test_who_came_often_is_at_home_nowhere_where_only_the_kept_day_is_planned(db: None) -> None:
    (tuesdays, _), (often, came) = await small.people(2)
    station = await world.station()
    await came_thrice(station, came)
    await small.shifts(AT_NINE[TUESDAY], station_id=station)
    await kept(station, tuesdays, TUESDAY)
    instance = await read()
    assert of(instance, often).familiar_places == ()
    assert of(instance, tuesdays).familiar_places == (instance.shifts[0].place,)


async def test_only_the_kept_day_asks_for_somebody_familiar(db: None) -> None:
    [(person, _)] = await small.people(1)
    station = await world.station()
    await small.shifts(AT_NINE[MONDAY], AT_NINE[TUESDAY], station_id=station)
    await kept(station, person, TUESDAY)
    asked = [shift.continuity for shift in sorted((await read()).shifts, key=lambda shift: shift.start)]
    assert asked == [False, True]


async def test_what_has_begun_at_the_station_is_at_the_same_place_as_what_comes_on_the_kept_day(db: None) -> None:
    """No way lies between the morning's shift, which is no longer planned, and the afternoon's."""
    [(person, who)] = await small.people(1)
    station = await world.station()
    await small.shifts(AT_NINE[TUESDAY], AT_NINE[TUESDAY] + 5, station_id=station)
    await kept(station, person, TUESDAY)
    await sign_up(who, await database.fetch_value("SELECT min(id) FROM position"))
    with clock.travelled_to(world.MONDAY + timedelta(hours=AT_NINE[TUESDAY] + 1)):
        instance = await read()
    assert len(instance.shifts) == 2
    assert len({shift.place for shift in instance.shifts}) == 1
