"""How places stand: the statement agrees with a computation from what was done, one by one."""

import random
from datetime import date, timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import HELPER, LAWYER, TODAY, at
from volunteers.assignments.rules import Kind
from volunteers.attendance.rules import Outcome
from volunteers.coverage import queries
from volunteers.coverage.rules import COLOURS, Colour, Every, Facts, Level, State, due_by, state_of


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_every_state_equals_what_the_rules_say_of_what_was_done(db: None) -> None:
    draw = random.Random(20261120)
    begins = date(2026, 9, 1)
    with clock.travelled_to(at(begins)):
        monthly = await promising.rule(lead_days=30)
        weekly = await promising.rule(every=Every.WEEK, alert_days=3)
        fortnight = await promising.rule(every=Every.DAYS, days=17, alert_days=5)
        station, villages = await world.station(), await promising.villages()
        lawyer, other = await promising.lawyers(2)
    known = {code: {kind: [] for kind in ("seen", "due", "asked", "ahead")} for code in villages}
    for number, ahead in enumerate(draw.sample(range(5, 80), 40)):
        village, day = villages[number % 22], begins + timedelta(days=ahead)
        shift = await promising.shift(station, village, day)
        sign_up = await promising.seated(shift, lawyer, day=day)
        if draw.random() < 0.8:
            await promising.confirmed(sign_up, day)
            known[village]["seen"].append(day)
        else:
            known[village]["due"].append(day)
    for number, village in enumerate(draw.sample(villages[:30], 6)):
        day = TODAY + timedelta(days=2 + 2 * number)
        shift = await promising.shift(station, village, day)
        await promising.seated(shift, other, offered=number % 2 == 0, day=day)
        known[village]["asked" if number % 2 == 0 else "ahead"].append(day)
    with clock.travelled_to(at(TODAY)):
        for rule in (monthly, weekly, fortnight):
            found = await queries.places(rule, "")
            assert sorted(one.code for one in found) == villages
            for one in found:
                facts = _facts(known[one.code])
                assert (one.last_visit, one.due) == (facts.last_visit, due_by(rule.rhythm, facts.last_visit)), one
                assert one.state is state_of(rule.rhythm, rule.alert_days, facts, TODAY), (rule.rhythm, one, facts)
            [town] = await queries.areas(rule, "330106")
            counted = {colour: sum(COLOURS[one.state] is colour for one in found) for colour in Colour}
            assert (town.red, town.amber, town.green, town.places) == (
                *(counted[colour] for colour in (Colour.RED, Colour.AMBER, Colour.GREEN)),
                len(villages),
            )
            assert [one.code for one in found] == [one.code for one in sorted(found, key=lambda one: one.key)]
    assert {one.state for one in found} >= {State.SEEN, State.OVERDUE}


def _facts(known: dict[str, list[date]]) -> Facts:
    seen = max((day for day in known["seen"] if day < TODAY), default=None)
    waits = max((day for day in known["due"] if day < TODAY), default=None)
    coming = min((day for day in known["ahead"] + known["due"] if day >= TODAY), default=None)
    return Facts(seen, coming, waits, min(known["asked"], default=None))


async def test_only_who_held_the_credential_that_day_and_was_confirmed_counts(db: None) -> None:
    with clock.travelled_to(at(date(2026, 11, 1))):
        rule = await promising.rule()
        station, (village, second, third, fourth, *_) = await world.station(), await promising.villages()
        [lawyer] = await promising.lawyers(1)
        [(helper, _)] = await world.volunteers(1)
    day = TODAY - timedelta(days=3)
    await promising.visited(station, village, day, helper, HELPER)
    await promising.visited(station, second, day - timedelta(days=1), lawyer, HELPER)
    sign_up = await promising.seated(await promising.shift(station, third, day), lawyer, day=day)
    await promising.confirmed(sign_up, day, Outcome.ABSENT)
    with clock.travelled_to(at(TODAY)):
        assert (await promising.stands(rule, village)).state is State.DUE
        assert (await promising.stands(rule, second)).state is State.SEEN
        assert (await promising.stands(rule, third)).state is State.DUE
        assert (await promising.stands(rule, fourth)).last_visit is None
    await database.execute(
        "UPDATE credential SET valid_until = $1 WHERE person_id = $2", day - timedelta(days=2), lawyer
    )
    with clock.travelled_to(at(TODAY)):
        assert (await promising.stands(rule, second)).state is State.DUE


async def test_a_town_counts_what_lies_in_it_and_only_the_kind_and_the_length_that_it_was_promised(db: None) -> None:
    with clock.travelled_to(at(date(2026, 11, 1))):
        duty = await promising.rule(
            "330106", level=Level.TOWN, every=Every.WEEK, kind=Kind.DUTY, minutes=180, alert_days=5
        )
        longer = await promising.rule(
            "330106", level=Level.TOWN, every=Every.WEEK, kind=Kind.DUTY, minutes=181, alert_days=5
        )
        visit = await promising.rule("330106", level=Level.TOWN, every=Every.WEEK, kind=Kind.LECTURE, alert_days=5)
        station, (village, *_) = await world.station(), await promising.villages()
        [lawyer] = await promising.lawyers(1)
    day = TODAY - timedelta(days=1)
    shift = await promising.shift(station, village, day, LAWYER, kind=Kind.DUTY)
    await promising.confirmed(await promising.seated(shift, lawyer, day=day), day)
    with clock.travelled_to(at(TODAY)):
        assert (await promising.stands(duty, world.TOWN, "330106")).state is State.SEEN
        assert (await promising.stands(longer, world.TOWN)).state is not State.SEEN
        assert (await promising.stands(visit, world.TOWN)).state is not State.SEEN
        red = await queries.places(duty, "330106", Colour.RED)
        assert {place.code for place in red} == {
            row["code"]
            for row in await database.fetch("SELECT code FROM place WHERE level = 'town' AND code LIKE '330106%'")
        } - {world.TOWN}
