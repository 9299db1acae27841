"""What if: counted before and after, by the same measure, and kept."""

import pytest

from app.composition import compose
from app.core import clock
from tests.volunteers.coverage.promising import TODAY, at
from tests.volunteers.dispatch.scenarios.asking import asked, lawyer, promised
from volunteers.people.rules import Window


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_two_lawyers_on_a_thursday_turn_as_many_villages_green_as_their_day_has_hours(db: None) -> None:
    rule, _, villages = await promised(minutes=60)
    await lawyer(Window(0, 9 * 60, 12 * 60))
    with clock.travelled_to(at(TODAY)):
        row = await asked(rule)
        assert row["red_before"] == len(villages)
        again = await asked(rule)
        assert again["answer_text"] == row["answer_text"]
