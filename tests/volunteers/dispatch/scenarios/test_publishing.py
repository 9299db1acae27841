"""Publishing an answer: what the page promised comes true when everybody accepts, and nothing happens twice."""

from datetime import timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import TODAY, at
from tests.volunteers.dispatch.scenarios.asking import asked, lawyer, promised
from volunteers.assignments.sign_ups.service import accept, sign_up
from volunteers.coverage import queries
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.rules import Colour
from volunteers.dispatch.scenarios.answers import Answer
from volunteers.dispatch.scenarios.publishing import publish_scenario
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
    rule, _, villages = await promised(minutes=60)
    officer = await promising.officer()
    person, lawyer_herself = await lawyer(Window(0, 9 * 60, 12 * 60))
    with clock.travelled_to(at(TODAY - timedelta(days=1))):
        await say_visit_day(officer, villages[3], VisitDay(0, 6 * 60, 60, market=True))
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule)
        assert await database.fetch_value(RED, world.TOWN) == row["red_before"] == len(villages)
        await publish_scenario(officer, row["public_id"])
        await publish_scenario(officer, row["public_id"])
        [offer] = await database.fetch("SELECT public_id, status, person_id FROM sign_up")
        assert (offer["status"], offer["person_id"]) == ("offered", person)
        await accept(lawyer_herself, offer["public_id"])
        assert await database.fetch_value(RED, world.TOWN) == row["red_alone"]
        for name in ("new-1", "new-2"):
            await _takes_all((await lawyer(Window(3, 0, 1440)))[1], name, database.decoded(row["answer_text"], Answer))
        assert await database.fetch_value(RED, world.TOWN) == row["red_after"] < row["red_alone"]
        assert len(await queries.places(rule, world.TOWN, Colour.RED)) == row["red_after"]


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
