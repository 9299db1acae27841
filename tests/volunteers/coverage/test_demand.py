"""Shifts made for places before they would be late: once, on a sensible day, and not where somebody comes anyway."""

import asyncio
from datetime import date, time, timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Permission, Role, system_principal
from app.core.errors import NotPermitted
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import TODAY, at
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.coverage import queries
from volunteers.coverage.alarms import tell_coordinators, waiting_alarms
from volunteers.coverage.causes.queries import causes, red_places
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.demand.service import make_demand
from volunteers.coverage.queries import RuleView
from volunteers.coverage.rules import Colour, EndsInThePast, RuleInThePast, RuleWithoutPlaces, State
from volunteers.coverage.standing.service import end_rule
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.week import read_instance
from volunteers.people.rules import Window

SYSTEM = system_principal(Permission.ASSIGNMENT_PUBLISH)
MONDAY = date(2026, 11, 23)
_MADE = """
SELECT place.code, d.attempt, a.starts, a.ends, a.status, a.reference FROM coverage_demand d
JOIN assignment a ON a.id = d.assignment_id JOIN place ON place.id = d.place_id ORDER BY place.code, d.attempt
"""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def promised(**changes: object) -> tuple[RuleView, int, list[str]]:
    """Promise a lawyer a month to the villages of a town that has a station, weeks ago."""
    with clock.travelled_to(at(date(2026, 11, 1))):
        return await promising.rule(**changes), await world.station(), await promising.villages()


async def test_what_nobody_comes_to_gets_one_shift_on_its_own_day_or_the_emptiest(db: None) -> None:
    rule, station, villages = await promised()
    market, coming, asked, standing, seen, *others = villages
    with clock.travelled_to(at(TODAY - timedelta(days=9))):
        lawyer, other = await promising.lawyers(2)
        officer = await promising.officer()
        await say_visit_day(officer, market, VisitDay(5, 7 * 60, 180, market=True))
    await promising.visited(station, seen, TODAY - timedelta(days=4), lawyer)
    await promising.seated(await promising.shift(station, coming, TODAY + timedelta(days=5)), lawyer)
    await promising.seated(await promising.shift(station, asked, TODAY + timedelta(days=6)), other, offered=True)
    await promising.shift(station, standing, TODAY + timedelta(days=4))
    with clock.travelled_to(at(TODAY)):
        assert await make_demand(SYSTEM, clock.now()) == len(others) + 1
        made = {row["code"]: row for row in await database.fetch(_MADE)}
        assert set(made) == {market, *others}
        local = clock.local(made[market]["starts"])
        assert (local.date(), local.time(), made[market]["ends"] - made[market]["starts"]) == (
            *(MONDAY + timedelta(days=5), time(7)),
            timedelta(hours=3),
        )
        days = [clock.local(made[code]["starts"]).date() for code in others]
        assert {day.weekday() for day in days} <= set(range(5))
        loaded = [*days, *(TODAY + timedelta(days=ahead) for ahead in (4, 5, 6))]
        assert max(loaded.count(day) for day in days) - min(loaded.count(day) for day in days) <= 1
        assert await make_demand(SYSTEM, clock.now()) == 0
        row = await promising.stands(rule, market)
        assert (row.state, row.open_at) == (State.DUE, made[market]["starts"])


async def test_two_workers_at_once_make_each_shift_once(db: None) -> None:
    _, _, villages = await promised()
    with clock.travelled_to(at(TODAY)):
        made = await asyncio.gather(*(make_demand(SYSTEM, clock.now()) for _ in range(4)))
        assert sorted(made) == [0, 0, 0, len(villages)]
        assert await database.fetch_value("SELECT count(*) FROM assignment") == len(villages)


async def test_what_went_by_in_vain_is_made_again_and_what_was_called_off_is_not(db: None) -> None:
    _, _, (first, second, *_) = await promised(lead_days=60)
    with clock.travelled_to(at(TODAY)):
        made = await make_demand(SYSTEM, clock.now())
        called_off = next(row for row in await database.fetch(_MADE) if row["code"] == second)
        await cancel_assignment(await promising.officer(), called_off["reference"], "村里停电")
    with clock.travelled_to(at(date(2026, 11, 29))):
        assert await make_demand(SYSTEM, clock.now()) == made - 1
        again = [row for row in await database.fetch(_MADE) if row["code"] in (first, second)]
        assert [(row["code"], row["attempt"]) for row in again] == [(first, 1), (first, 2), (second, 1)]


async def test_the_cause_is_counted_as_the_plan_would_and_follows_the_day(db: None) -> None:
    rule, station, (village, second, *_) = await promised()
    thursday = VisitDay(3, 9 * 60, 180, market=True)
    with clock.travelled_to(at(TODAY)):
        busy, free = (Window(3, 0, 1440),), (Window(0, 0, 1440), Window(1, 0, 1440))
        await world.people([world.profile(credentials=(world.licence(),), availability=when) for when in (busy, free)])
        await world.people([world.profile(availability=busy)])
        await say_visit_day(await promising.officer(), village, thursday)
        status = await promising.stands(rule, village)
        found = (await causes(rule, [status]))[village]
        assert found.opening.on_own_day
        assert (found.counted.qualified, found.counted.free) == (2, 1)
        assert found.counted.refused == {Refusal.AVAILABILITY: 1}
        lawyer = await database.fetch_value("SELECT person_id FROM availability WHERE weekday = 3 ORDER BY id LIMIT 1")
        other = await promising.shift(station, second, MONDAY + timedelta(days=3), PositionDraft("helper"))
        await promising.seated(other, lawyer)
        again = (await causes(rule, [status]))[village]
        assert (again.counted.qualified, again.counted.free) == (2, 0)
        assert again.counted.refused == {Refusal.AVAILABILITY: 1, Refusal.ELSEWHERE: 1}
        await make_demand(SYSTEM, clock.now())
        standing = (await causes(rule, [await promising.stands(rule, village)]))[village]
        assert standing.opening.reference is not None
        assert standing.counted == again.counted
        week = await read_instance(world.TOWN, MONDAY)
        assert str(standing.opening.assignment_id) in {shift.id for shift in week.shifts}
        openings = await red_places(rule, world.TOWN, MONDAY)
        assert len(openings) == len(await queries.places(rule, world.TOWN, Colour.RED))
        assert all(clock.week_start(clock.local(one.starts).date()) == MONDAY for one in openings)


async def test_alarms_are_a_line_for_each_town_are_told_once_and_end_by_themselves(db: None) -> None:
    with clock.travelled_to(at(date(2026, 11, 1))):
        rule, station = await promising.rule(), await world.station()
        [lawyer] = await promising.lawyers(1)
        district, city = await promising.officer("330106"), await promising.officer()
        away = await promising.officer("330127")
    villages = await promising.villages()
    with clock.travelled_to(at(date(2026, 11, 19))):
        assert await waiting_alarms(city) == []
        assert await tell_coordinators() == 0
    with clock.travelled_to(at(TODAY)):
        [line], [wide] = await waiting_alarms(district), await waiting_alarms(city)
        assert line.title.values["count"] == wide.title.values["count"] == len(villages)  # type: ignore[union-attr]
        assert line.action.path.endswith(f"place={world.TOWN}&colour=red")
        assert wide.action.path.endswith("place=330106&colour=red")
        assert await waiting_alarms(away) == []
        assert await tell_coordinators() >= 2
        assert await tell_coordinators() == 0
    for number, village in enumerate(villages):
        await promising.visited(station, village, date(2026, 9, 2) + timedelta(days=number), lawyer)
    for number, village in enumerate(villages):
        day = TODAY + timedelta(days=1 + number)
        if day.month == TODAY.month:
            await promising.seated(await promising.shift(station, village, day), lawyer, day=day)
    left = len([n for n in range(len(villages)) if (TODAY + timedelta(days=1 + n)).month != TODAY.month])
    with clock.travelled_to(at(TODAY, 10)):
        lines = await waiting_alarms(district)
        assert [one.title.values["count"] for one in lines] == ([left] if left else [])  # type: ignore[union-attr]
        assert await promising.stands(rule, villages[0])


async def test_a_rule_is_set_and_ended_by_who_plans_there_and_promises_nothing_afterwards(db: None) -> None:
    with clock.travelled_to(at(date(2026, 11, 1))):
        rule = await promising.rule()
        with pytest.raises(RuleInThePast):
            await promising.rule(valid_from=date(2026, 10, 31))
        with pytest.raises(RuleWithoutPlaces):
            await promising.rule((await promising.villages())[0], level="town")
    with clock.travelled_to(at(TODAY)):
        with pytest.raises(NotPermitted):
            await end_rule(await promising.officer("330127"), rule.public_id, TODAY, "不在我这里")
        with pytest.raises(NotPermitted):
            await end_rule(await world.officer(Role.STATION_STAFF), rule.public_id, TODAY, "不归我管")
        with pytest.raises(EndsInThePast):
            await end_rule(await promising.officer(), rule.public_id, TODAY - timedelta(days=2), "早就不用了")
        await end_rule(await promising.officer(), rule.public_id, TODAY - timedelta(days=1), "改成每周")
        assert await queries.rules_in_force() == []
        [ended] = await queries.all_rules()
        assert (ended.valid_until, ended.ending_reason) == (TODAY - timedelta(days=1), "改成每周")
        assert await make_demand(SYSTEM, clock.now()) == 0
