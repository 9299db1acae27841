"""What if: counted before and after, by the same measure, and kept."""

import time
from datetime import timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import TODAY, at
from tests.volunteers.dispatch.scenarios.asking import MONDAY, asked, lawyer, promised, question, stay_at_home
from volunteers.assignments.rules import Compensation
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.dispatch.scenarios import costs
from volunteers.dispatch.scenarios.answers import Answer
from volunteers.dispatch.scenarios.costs import Work
from volunteers.dispatch.scenarios.rules import NothingIsRed, hours_of_the_day, route
from volunteers.dispatch.scenarios.service import ask
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Window

HOURS_OF_A_DAY = 5
"""How many visits of an hour one person makes on a day."""
COLUMNS = (
    "rule_id, place_id, at_place_id, week_start, people, credential, weekday, radius_km, instance_sha256,"
    " before_vector, after_vector, places, red_city, red_before, red_alone, red_after, exact, answer, cost,"
    " milliseconds, made_by, made_at, called"
)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_two_lawyers_on_a_thursday_turn_as_many_villages_green_as_their_day_has_hours(db: None) -> None:
    rule, _, villages = await promised(minutes=60, compensation=Compensation.SUBSIDY)
    await lawyer(Window(0, 9 * 60, 12 * 60))
    works: list[Work] = []

    async def note(given: list[Work]) -> dict[str, int]:
        works.extend(given)
        return {"visits": len(given)}

    costs.register(note)
    told = await database.fetch_value("SELECT count(*) FROM notification")
    with clock.travelled_to(at(TODAY)):
        began = time.monotonic()
        row = await asked(rule)
        assert time.monotonic() - began < 3
        again = await asked(rule)
        assert again["answer_text"] == row["answer_text"]
    red = (row["red_city"], row["red_before"], row["red_alone"], row["red_after"])
    assert red == (*[len(villages)] * 2, len(villages) - 1, len(villages) - 1 - 2 * HOURS_OF_A_DAY)
    answer = database.decoded(row["answer_text"], Answer)
    new = [visit for visit in answer.visits if visit.by_newcomer]
    assert {clock.local(visit.starts).date() for visit in new} == {MONDAY + timedelta(days=3)}
    assert (row["before_vector"][2] - row["after_vector"][2], len(new)) == (2 * HOURS_OF_A_DAY, 2 * HOURS_OF_A_DAY)
    assert (answer.moves, len(answer.untouched)) == ((), 1)
    assert {(work.minutes, work.compensation) for work in works} == {(60, Compensation.SUBSIDY)}
    assert len(works) == 2 * len(new)
    assert await database.fetch_value("SELECT count(*) FROM assignment") == 0
    assert await database.fetch_value("SELECT count(*) FROM notification") == told


async def test_longer_ways_bring_those_who_are_there_to_where_they_would_not_go(db: None) -> None:
    rule, _, villages = await promised()
    person, _ = await stay_at_home()
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule, people=0, radius_km=50)
    assert (row["red_alone"], row["red_after"] < len(villages)) == (len(villages), True)
    [change] = database.decoded(row["answer_text"], Answer).moves
    assert (change.person, len(change.takes), change.leaves) == (person, len(villages) - row["red_after"], ())


async def test_a_market_day_that_nobody_can_make_moves_to_the_day_that_was_asked_for(db: None) -> None:
    rule, station, villages = await promised(minutes=60)
    with clock.travelled_to(at(TODAY - timedelta(days=1))):
        await say_visit_day(await promising.officer(), villages[0], VisitDay(0, 6 * 60, 90, market=True))
    shift = await promising.shift(station, villages[1], MONDAY)
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule, people=20)
        visits = {visit.reference: visit for visit in database.decoded(row["answer_text"], Answer).visits}
        assert clock.local(visits[shift.reference].moved_from).date() == MONDAY  # type: ignore[arg-type]
        assert clock.local(visits[shift.reference].starts).date() == MONDAY + timedelta(days=3)
        assert row["red_after"] == 0
        assert row["exact"]


async def test_what_cannot_be_asked_is_refused_in_the_field(db: None) -> None:
    rule, _, _ = await promised()
    officer = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        for field, changes in {
            "people": {"people": 0},
            "credential": {"credential": CredentialKind.MEDIATOR},
            "week": {"week": TODAY - timedelta(days=7)},
            "weekday": {"week": TODAY, "weekday": 1},
        }.items():
            with pytest.raises(InvalidInput) as refusal:
                await ask(officer, question(rule, **changes))
            assert set(refusal.value.fields) == {field}
        with pytest.raises(NothingIsRed):
            await ask(officer, question(rule, at="330127100"))
        with pytest.raises(NotPermitted):
            await ask(await world.officer(Role.COORDINATOR, "330127"), question(rule))


@pytest.mark.parametrize(
    ("guard", "column", "value"),
    [
        ("dispatch_scenario_asks_something", "people", "0"),
        ("dispatch_scenario_adds_up", "red_after", "red_alone + 1"),
        ("dispatch_scenario_adds_up", "red_city", "places + 1"),
        ("dispatch_scenario_published_whole", "called", "1"),
    ],
)
async def test_a_question_asks_something_and_its_figures_add_up(db: None, guard: str, column: str, value: str) -> None:
    rule, _, _ = await promised()
    with clock.travelled_to(at(TODAY)):
        await asked(rule)
    chosen = ", ".join(value if name == column else name for name in COLUMNS.split(", "))
    await refused(guard, f"INSERT INTO dispatch_scenario ({COLUMNS}) SELECT {chosen} FROM dispatch_scenario")


async def test_an_answer_is_kept_and_published_as_a_plan_of_its_week_only(db: None) -> None:
    rule, _, _ = await promised()
    with clock.travelled_to(at(TODAY)):
        await asked(rule)
    await refused("dispatch_scenario_is_kept", "UPDATE dispatch_scenario SET red_after = 0")
    await refused("dispatch_scenario_is_kept", "DELETE FROM dispatch_scenario")
    await database.execute(
        """INSERT INTO dispatch_run (place_id, week_start, kind, status, time_limit_s, created_at)
           SELECT place_id, week_start, 'by_hand', 'queued', 1, now() FROM dispatch_scenario"""
    )
    await refused(
        "dispatch_scenario_publishes_its_plan",
        """UPDATE dispatch_scenario SET run_id = (SELECT id FROM dispatch_run), called = 0, published_by = made_by,
                                        published_at = now()""",
    )


def test_a_day_is_filled_in_both_halves_and_neighbours_follow_each_other() -> None:
    assert hours_of_the_day(60) == [510, 600, 780, 870, 960]
    assert hours_of_the_day(150) == [510, 780]
    assert hours_of_the_day(600) == [540]
    assert route((0, 0), {1: (100, 0), 2: (5, 0), 3: (40, 40)}) == [2, 3, 1]
