"""Answers to offers: few of them say little, none of them says nothing, and what the house took away is no answer."""

from datetime import timedelta

import pytest

from app.core import clock, database
from tests.volunteers.dispatch import small
from volunteers.dispatch.acceptance.queries import COUNTED, answers_of
from volunteers.dispatch.acceptance.rules import Answers, preferred, spared

KINDS = ("duty", "lecture", "village")


@pytest.mark.parametrize(
    ("offers", "accepted", "percent"), [(0, 0, 50), (1, 0, 40), (3, 0, 28), (3, 3, 71), (100, 10, 11), (100, 100, 98)]
)
def test_a_rate_begins_at_one_half_and_follows_the_answers(offers: int, accepted: int, percent: int) -> None:
    assert Answers("duty", offers, accepted).percent == percent


def test_three_refusals_in_a_row_spare_a_kind_two_do_not_and_a_floor_of_nothing_spares_none() -> None:
    two, three = Answers("duty", 2, 0), Answers("lecture", 3, 0)
    assert spared([two, three], 30) == {"lecture"}
    assert spared([two, three], 0) == frozenset()
    assert spared([Answers("duty", 0, 0)], 60) == frozenset()  # no answer is no refusal, however high the floor


def test_what_is_spared_is_not_preferred_and_something_always_is() -> None:
    assert preferred((), frozenset(), KINDS) == ()
    assert preferred((), frozenset({"lecture"}), KINDS) == ("duty", "village")
    assert preferred(("duty", "lecture"), frozenset({"lecture"}), KINDS) == ("duty",)
    assert preferred(("lecture",), frozenset({"lecture"}), KINDS) == ("lecture",)


async def test_only_answers_to_offers_of_the_last_half_year_count(db: None) -> None:
    [(person, _), (other, _)] = await small.people(2)
    days = [9 + 24 * day for day in range(7)]
    await small.shifts(*days)
    said = [
        ("confirmed", "", "dispatch"),
        ("withdrawn", "own_wish", "dispatch"),
        ("released", "offer_expired", "dispatch"),
        ("released", "cancelled", "dispatch"),
        ("offered", "", "dispatch"),
        ("confirmed", "", "self"),
        ("withdrawn", "own_wish", "self"),
    ]
    for number, (status, reason, origin) in enumerate(said, start=1):
        await database.execute(
            """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at,
                                    ended_at, ended_reason)
               SELECT p.id, a.id, $2, a.starts, a.ends, $3, $4, now(), CASE WHEN $5 <> '' THEN now() END, $5
               FROM position p JOIN assignment a ON a.id = p.assignment_id ORDER BY p.id OFFSET $1 - 1 LIMIT 1""",
            *(number, person, status, origin, reason),
        )
    now = clock.now()
    assert await answers_of([person, other], now) == {person: [Answers("lecture", 3, 1)]}
    assert await answers_of([person, other], now + COUNTED + timedelta(days=1)) == {}
    assert await database.fetch_value("SELECT count(*) FROM sign_up") == len(said)
