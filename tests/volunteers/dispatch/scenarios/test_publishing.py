"""Publishing an answer: what the page promised comes true when everybody accepts, and nothing happens twice."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import TODAY, at
from tests.volunteers.dispatch.scenarios.asking import MONDAY, asked, lawyer, promised
from volunteers.assignments.sign_ups.service import accept, sign_up
from volunteers.coverage import queries
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.rules import Colour
from volunteers.dispatch.input.store import InputIsGone
from volunteers.dispatch.scenarios.answers import Answer
from volunteers.dispatch.scenarios.publishing import publish_scenario
from volunteers.dispatch.scenarios.rules import NothingToPublish, ScenarioIsOver
from volunteers.dispatch.service import WeekHasPassed
from volunteers.people.rules import Window

RED = """
SELECT count(*) FROM place p WHERE p.level = 'village' AND starts_with(p.code, $1) AND NOT EXISTS (
    SELECT FROM assignment a JOIN sign_up s ON s.assignment_id = a.id
    WHERE a.place_id = p.id AND s.status IN ('offered', 'confirmed'))
"""
"""Counted without the program's own statement: in this world nobody has been anywhere yet, and all are due."""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_what_was_promised_comes_true_when_everybody_accepts(db: None) -> None:
    rule, station, villages = await promised(minutes=60)
    officer = await promising.officer()
    person, herself = await lawyer(Window(0, 9 * 60, 12 * 60))
    _, busy = await lawyer(Window(6, 0, 60))
    with clock.travelled_to(at(TODAY - timedelta(days=1))):
        await say_visit_day(officer, villages[3], VisitDay(0, 6 * 60, 60, market=True))
    standing = await promising.shift(station, villages[0], MONDAY + timedelta(days=1))
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule)
        assert await database.fetch_value(RED, world.TOWN) == row["red_before"] == len(villages)
        await asyncio.gather(*(publish_scenario(officer, row["public_id"]) for _ in range(3)))
        await publish_scenario(officer, row["public_id"])
        [offer] = await database.fetch("SELECT public_id, status, person_id FROM sign_up")
        assert (offer["status"], offer["person_id"]) == ("offered", person)
        await accept(herself, offer["public_id"])
        assert await database.fetch_value(RED, world.TOWN) == row["red_alone"]
        answer = database.decoded(row["answer_text"], Answer)
        for name in ("new-1", "new-2"):
            await _takes_all((await lawyer(Window(3, 0, 1440)))[1], name, answer)
        assert await database.fetch_value(RED, world.TOWN) == row["red_after"] < row["red_alone"]
        assert len(await queries.places(rule, world.TOWN, Colour.RED)) == row["red_after"]
    moved = {visit.reference: visit for visit in answer.visits}[standing.reference]
    starts = await database.fetch_value("SELECT starts FROM assignment WHERE id = $1", standing.id)
    assert starts == moved.starts
    [run] = await database.fetch("SELECT kind, status, approved_by FROM dispatch_run")
    assert (run["kind"], run["status"], run["approved_by"]) == ("by_hand", "published", officer.actor)
    told = await database.fetch("SELECT account_id FROM notification WHERE once_key LIKE 'scenario:%'")
    assert {one["account_id"] for one in told} == {herself.account_id, busy.account_id}
    assert await database.fetch_value("SELECT called FROM dispatch_scenario") == len(told)


async def _takes_all(who: Principal, name: str, answer: Answer) -> None:
    """Let somebody who has come sign up for what was kept for them."""
    for visit in answer.visits:
        if visit.after == name:
            seat = await database.fetch_value(
                "SELECT p.id FROM position p JOIN assignment a ON a.id = p.assignment_id"
                " WHERE a.place_id = $1 AND a.starts = $2",
                *(visit.place_id, visit.starts),
            )
            await sign_up(who, seat)


async def test_what_somebody_has_seen_to_meanwhile_is_left_out(db: None) -> None:
    rule, station, villages = await promised(minutes=60)
    officer = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule, people=1)
        answer = database.decoded(row["answer_text"], Answer)
        codes = {status.id: status.code for status in await queries.places(rule, world.TOWN)}
        wanted = [codes[visit.place_id] for visit in answer.visits if visit.helps]
    person, _ = await lawyer(Window(2, 0, 1440))
    shift = await promising.shift(station, wanted[0], MONDAY + timedelta(days=2))
    await promising.seated(shift, person)
    with clock.travelled_to(at(TODAY)):
        await publish_scenario(officer, row["public_id"])
        made = await database.fetch("SELECT p.code FROM coverage_demand d JOIN place p ON p.id = d.place_id")
        assert sorted(one["code"] for one in made) == sorted(wanted[1:])
        assert len(await queries.places(rule, world.TOWN, Colour.RED)) == len(villages) - 1


async def test_an_answer_whose_places_are_all_seen_to_is_over(db: None) -> None:
    rule, station, _ = await promised(minutes=60)
    officer = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule, people=1)
        codes = {status.id: status.code for status in await queries.places(rule, world.TOWN)}
    helped = [visit.place_id for visit in database.decoded(row["answer_text"], Answer).visits if visit.helps]
    person, _ = await lawyer(*promising.ALWAYS)
    for later, place in enumerate(helped):
        day = MONDAY + timedelta(days=later)
        await promising.seated(await promising.shift(station, codes[place], day), person)
    with clock.travelled_to(at(TODAY)), pytest.raises(ScenarioIsOver):
        await publish_scenario(officer, row["public_id"])


async def test_an_answer_ends_with_its_data_its_week_and_its_places(db: None) -> None:
    rule, _, _ = await promised()
    officer = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule, people=1)
        useless = await asked(rule, people=0, radius_km=1)
        with pytest.raises(NothingToPublish):
            await publish_scenario(officer, useless["public_id"])
        with pytest.raises(NotPermitted):
            await publish_scenario(await world.officer(Role.COORDINATOR, "330127"), row["public_id"])
        with pytest.raises(NotFound):
            await publish_scenario(officer, uuid4())
    with clock.travelled_to(at(TODAY + timedelta(days=14))), pytest.raises(WeekHasPassed):
        await publish_scenario(officer, row["public_id"])
    with clock.travelled_to(at(TODAY)):
        await database.execute("DELETE FROM dispatch_input")
        with pytest.raises(InputIsGone):
            await publish_scenario(officer, row["public_id"])
    assert await database.fetch_value("SELECT count(*) FROM assignment") == 0
