"""Away for some days, free once more: on one's own page, in the lists, for call-outs and for the weekly plan."""

import asyncio
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.call_outs.people import next_to_ask
from volunteers.assignments.queries import AssignmentFilter, open_assignments
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.queries import why_not
from volunteers.assignments.sign_ups.rules import Hint
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.assignments.stand_by.service import stand_by_for
from volunteers.dispatch.week import read_instance
from volunteers.people.conditions import is_free as is_free_then
from volunteers.people.exceptions import rules, service
from volunteers.people.exceptions.queries import ahead
from volunteers.people.exceptions.rules import AlreadySaid, ExceptionKind, Stretch, without
from volunteers.people.rules import Window, is_free, merged

MONDAY = clock.local(world.MONDAY).date()
DAY = timedelta(days=1)
FREE = f"SELECT {is_free_then('$1::bigint', '$2::timestamptz', '$3::timestamptz')}"
NINE_TO_FIVE = tuple(Window(day, 540, 1020) for day in range(5))


def away(first: int = 0, last: int = 6) -> Stretch:
    """Return days of the test week, counted from Monday."""
    return rules.away(MONDAY + first * DAY, MONDAY + last * DAY, clock.now())


async def free_titles(person_id: int) -> list[str]:
    """Return what the list finds when the person is free."""
    return [row.title_zh for row in await open_assignments(AssignmentFilter(person_id=person_id, when_free=True))]


async def test_what_is_said_stands_until_it_is_over_or_taken_back(shared_db: None) -> None:
    [(_, me), (_, other)] = await world.volunteers(2)
    said = await service.say(me, away(0, 2))
    await service.say(me, rules.free(MONDAY + 5 * DAY, time(9), time(12), clock.now()))
    assert [one.kind for one in await ahead(me)] == [ExceptionKind.AWAY, ExceptionKind.FREE]
    with pytest.raises(NotFound):
        await service.take_back(other, said.public_id)
    await service.take_back(me, said.public_id)
    with clock.travelled_to(world.MONDAY + timedelta(days=6)):
        assert await ahead(me) == []


@pytest.mark.parametrize(("first", "last"), [(1, 1), (-1, 0), (2, 9), (0, 2)])
async def test_nothing_is_said_twice_about_the_same_time(shared_db: None, first: int, last: int) -> None:
    [(person_id, me)] = await world.volunteers(1)
    await service.say(me, away(0, 2))
    with pytest.raises(AlreadySaid):
        await service.say(me, away(first, last))
    with pytest.raises(asyncpg.ExclusionViolationError) as refusal:
        await database.execute(
            """INSERT INTO availability_exception (person_id, kind, starts, ends, said_at)
               VALUES ($1, 'free', $2, $3, now())""",
            *(person_id, world.MONDAY, world.MONDAY + timedelta(hours=1)),
        )
    assert refusal.value.constraint_name == "availability_exception_one_at_a_time"


async def test_said_twice_at_once_is_said_once(shared_db: None) -> None:
    [(_, me)] = await world.volunteers(1)
    answers = await asyncio.gather(*(service.say(me, away()) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, AlreadySaid) for answer in answers) == 4


@pytest.mark.parametrize(
    "said",
    [
        lambda now: rules.away(MONDAY, MONDAY - DAY, now),
        lambda now: rules.away(date(2020, 1, 1), date(2020, 1, 2), now),
        lambda now: rules.away(MONDAY, MONDAY + 500 * DAY, now),
        lambda now: rules.free(MONDAY, time(12), time(9), now),
        lambda now: rules.free(date(2020, 1, 1), time(9), time(12), now),
        lambda now: rules.free(MONDAY + 500 * DAY, time(9), time(12), now),
    ],
)
def test_what_makes_no_sense_is_refused(said: object) -> None:
    with pytest.raises(InvalidInput):
        said(clock.now())  # type: ignore[operator]


async def test_for_me_leaves_out_days_away_and_shows_extra_hours(db: None) -> None:
    [(person_id, me)] = await world.people([world.profile(availability=NINE_TO_FIVE)])
    for title, hours in (("monday", 9), ("tuesday", 33), ("saturday", 5 * 24 + 9), ("long saturday", 5 * 24 + 11)):
        await world.publish(await world.draft(hours, title_zh=title))
    assert await free_titles(person_id) == ["monday", "tuesday"]
    await service.say(me, away(0, 0))
    await service.say(me, rules.free(MONDAY + 5 * DAY, time(9), time(12), clock.now()))
    assert await free_titles(person_id) == ["tuesday", "saturday"]


async def test_a_person_away_is_warned_and_told_of_the_seats_they_hold(shared_db: None) -> None:
    [(_, me)] = await world.people([world.profile(availability=NINE_TO_FIVE)])
    [shift] = await world.publish(await world.draft(9))
    assert [answer.hints for answer in await why_not(me, shift.reference)] == [()]
    await sign_up(me, shift.position_ids[0])
    assert (await service.say(me, away(0, 0))).seats == 1
    [other] = await world.publish(await world.draft(15))
    assert [answer.hints for answer in await why_not(me, other.reference)] == [(Hint.AWAY,)]
    await sign_up(me, other.position_ids[0])  # a warning, no more


async def asked_next(scene: stage.Scene) -> list[int]:
    """Return whom a call-out would ask, whoever stands by."""
    position = scene.shift.position_ids[0]
    seat = replace((await loading.seats([position]))[position], free=1)
    call_out = {"id": 0, "position_id": position, "opened_at": clock.now()}
    return [choice.person_id for choice in (await next_to_ask(call_out, seat, 9)).people]


async def test_nobody_away_is_called_and_who_is_free_once_more_is(db: None) -> None:
    with clock.travelled_to(world.MONDAY + timedelta(hours=10)):
        scene = await stage.scene()
        (nearest, who), *_ = scene.others
        assert nearest in await asked_next(scene)
        said = await service.say(who, away(0, 1))
        assert nearest not in await asked_next(scene)
        await service.take_back(who, said.public_id)
        await database.execute("DELETE FROM availability WHERE person_id = $1", nearest)
        assert nearest not in await asked_next(scene)
        await service.say(who, rules.free(MONDAY, time(10), time(18), clock.now()))
        assert nearest in await asked_next(scene)


async def test_nobody_away_is_called_though_they_stand_by(db: None) -> None:
    with clock.travelled_to(world.MONDAY + timedelta(hours=10)):
        scene = await stage.scene()
        (nearest, who), *_ = scene.others
        await stand_by_for(who, scene.shift.position_ids[0])
        assert (await asked_next(scene))[0] == nearest
        await service.say(who, away(0, 0))
        assert nearest not in await asked_next(scene)


async def planned_times(person_id: int) -> tuple[tuple[int, int], ...]:
    """Return when the solver may use a person, in minutes of the test week."""
    instance = await read_instance("330106", MONDAY)
    return next(one.available for one in instance.volunteers if one.id == str(person_id))


async def test_the_plan_uses_no_day_away_and_every_extra_stretch(db: None) -> None:
    [(person_id, me)] = await world.people([world.profile(availability=NINE_TO_FIVE)])
    [shift] = await world.publish(await world.draft(9))
    week = [(day * 1440 + 540, day * 1440 + 1020) for day in range(5)]
    assert list(await planned_times(person_id)) == week
    await service.say(me, away(-2, 1))
    await service.say(me, rules.free(MONDAY + 5 * DAY, time(9), time(12), clock.now()))
    assert list(await planned_times(person_id)) == [*week[2:], (5 * 1440 + 540, 5 * 1440 + 720)]
    await sign_up(me, shift.position_ids[0])  # what they accepted themselves stays possible
    assert (540, 660) in await planned_times(person_id)


minutes = st.integers(0, 300)
spans = st.lists(st.tuples(minutes, minutes).filter(lambda s: s[0] < s[1]), max_size=6)


@given(spans, spans)
def test_what_is_cut_out_is_gone_and_nothing_else(windows: list[tuple[int, int]], gaps: list[tuple[int, int]]) -> None:
    left = without(windows, gaps)
    for minute in range(300):
        inside = any(a <= minute < b for a, b in windows) and not any(a <= minute < b for a, b in gaps)
        assert any(a <= minute < b for a, b in left) == inside
    assert all(a < b for a, b in left)


async def test_the_page_comes_back_filled_in_when_refused_and_leads_on_when_taken(shared_db: None) -> None:
    [(_, me)] = await world.volunteers(1)
    first, last = MONDAY.isoformat(), (MONDAY + 6 * DAY).isoformat()
    async with client(me) as http:
        taken = await http.post("/my/exceptions/away", data={"from_day": first, "until_day": last})
        again = await http.post("/my/exceptions/away", data={"from_day": first, "until_day": last})
        profile = await http.get("/my/profile")
        listed = (await http.get("/api/v1/people/me/exceptions")).json()
        made = await http.post(
            "/api/v1/people/me/exceptions",
            json={
                "kind": "free",
                "from_day": (MONDAY + 8 * DAY).isoformat(),
                "begins": "09:00:00",
                "stops": "12:00:00",
            },
        )
        gone = await http.delete(f"/api/v1/people/me/exceptions/{made.json()['id']}")
    assert (taken.status_code, again.status_code, gone.status_code) == (303, 409, 204)
    assert first in again.text
    assert "不在" in profile.text
    assert [datetime.fromisoformat(one["starts"]) for one in listed] == [world.MONDAY]


async def test_only_a_volunteer_says_so(shared_db: None) -> None:
    officer = await world.officer(Role.STATION_STAFF)
    async with client(officer) as http:
        assert (await http.get("/my/exceptions")).status_code == 403


async def test_the_database_and_the_program_agree_on_who_is_free(db: None) -> None:
    draw = random.Random(7)
    for _ in range(rounds(20, 200)):
        windows = merged([_window(draw) for _ in range(draw.randrange(6))])
        [(person_id, _)] = await world.people([world.profile(availability=tuple(windows))])
        for _ in range(20):
            starts = world.MONDAY + timedelta(minutes=30 * draw.randrange(7 * 48))
            ends = starts + timedelta(minutes=30 * draw.randint(1, 12))
            held = await database.fetch_value(FREE, person_id, starts, ends)
            assert held is is_free(windows, starts, ends), (windows, starts, ends)


def _window(draw: random.Random) -> Window:
    """Return a window that often begins or ends at midnight."""
    first, last = sorted(draw.sample(range(0, 1441, 240), 2))
    return Window(draw.randrange(7), first, last)
