"""What if for a whole city, and with other weights: asked, worked out by a job, answered once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.errors import InvalidInput
from tests.app.web.client import client
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import TODAY, at
from tests.volunteers.dispatch.engine.weeks import person, row, shift, week
from tests.volunteers.dispatch.scenarios.asking import lawyer, promised, question
from volunteers.coverage.queries import RuleView
from volunteers.coverage.rules import Every
from volunteers.dispatch.engine.instance import Plan
from volunteers.dispatch.engine.reweighing import lightened
from volunteers.dispatch.scenarios.answers import Answer
from volunteers.dispatch.scenarios.publishing import publish_scenario
from volunteers.dispatch.scenarios.questions import service
from volunteers.dispatch.scenarios.rules import Weight, WeightsAreSettings, spread_over
from volunteers.people.rules import Window

CITY = "3301"
COLUMNS = (
    "rule_id, place_id, at_place_id, week_start, people, credential, radius_km, weight_percent, asked_by, asked_at"
)
PROGRAM = system_principal(Permission.DISPATCH_PLAN)
ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def asked(planner: Principal, rule: RuleView, **changes: Any) -> UUID:
    """Ask about the city, unless told otherwise."""
    made = await service.ask(planner, question(rule, **{"at": CITY, **changes}))
    assert not made.answered
    return made.public_id


async def answered() -> database.Row:
    """Return the latest answer."""
    row = await database.fetch_one("SELECT *, answer::text AS answer FROM dispatch_scenario ORDER BY id DESC LIMIT 1")
    assert row is not None
    return {**row, "answer": database.decoded(row["answer"], Answer)}


def test_new_people_go_where_most_red_places_are_left_for_each() -> None:
    assert spread_over(5, {"a": 30, "b": 10, "c": 0}) == ["a", "a", "a", "a", "b"]
    assert spread_over(2, {}) == []


async def test_a_question_about_the_city_waits_for_its_answer_and_counts_all_districts(db: None) -> None:
    rule, _, villages = await promised(minutes=60, place="330106")
    planner = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        one = await asked(planner, rule, people=2)
        assert await database.fetch_value("SELECT count(*) FROM dispatch_scenario") == 0
        assert await service.answer_waiting(PROGRAM, clock.now()) == 1
        assert await service.answer_waiting(PROGRAM, clock.now()) == 0
        row = await answered()
    whole = len(await promising.villages("330106"))
    assert whole > len(villages)
    assert (row["red_before"], row["red_city"], row["red_after"]) == (whole, whole, whole - 10)
    assert row["answer"].districts_after == {"330106": whole - 10}
    assert row["made_by"] == planner.actor
    answer = await database.fetch_value("SELECT scenario_id FROM dispatch_question WHERE public_id = $1", one)
    assert answer == row["id"]


async def test_the_page_of_a_question_leads_to_its_answer(db: None) -> None:
    rule = await promising.rule(every=Every.DAYS, days=60, alert_days=60, minutes=60)
    form = {"rule": str(rule.public_id), "at": CITY, "week": str(clock.today() + timedelta(days=7)), "people": "1"}
    async with client(await promising.officer()) as http:
        assert "全市要算几秒到一分钟" in (await http.get(f"/dispatch/scenarios/new?place={CITY}")).text
        made = await http.post("/dispatch/scenarios", data={**form, "credential": "lawyer", "weekday": "3"})
        address = made.headers["location"]
        page = (await http.get(address)).text
        assert "已排队" in page
        assert 'hx-trigger="every 2s"' in page
        entry = (await http.get(f"/api/v1{address}")).json()
        assert (entry["done"], entry["failed"], entry["scenario"]) == (0, False, None)
        await service.answer_waiting(PROGRAM, clock.now())
        done = await http.get(address)
        assert done.status_code == 303
        followed = await http.get(address, headers={"hx-target": "progress"})
        assert followed.headers["hx-redirect"] == done.headers["location"]
        assert "全市" in (await http.get(done.headers["location"])).text
    async with client(await promising.officer("330127")) as http:
        assert (await http.get(address)).status_code == 404


def test_a_plan_is_lightened_from_where_it_stands_and_moves_nobody_for_nothing() -> None:
    people = [person("V1", recent_shifts=3), person("V2")]
    instance = week(people, [shift("S1"), shift("S2", 1000)])
    heavy = Plan("week", (row("S1", "V1"), row("S2", "V1")))
    light = lightened(instance, heavy, 10)
    assert {one.volunteer for one in light.assignments} == {"V2"}
    assert lightened(instance, light, 10).assignments == light.assignments


async def test_what_if_taking_turns_counted_double_is_shown_and_not_published(db: None) -> None:
    rule, _, _ = await promised(minutes=60)
    for _ in range(2):
        await lawyer(*ALWAYS)
    planner = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        await asked(planner, rule, at=world.TOWN, people=0, weekday=None, weight=Weight.FAIRNESS, percent=300)
        await service.answer_waiting(PROGRAM, clock.now())
        found = await answered()
        before, after = found["answer"].loads
        assert (found["weight"], found["weight_percent"], found["red_alone"]) == ("fairness", 300, found["red_after"])
        assert after.most <= before.most
        assert found["before_vector"][:4] == found["after_vector"][:4]
        with pytest.raises(WeightsAreSettings):
            await publish_scenario(planner, found["public_id"])
        with pytest.raises(InvalidInput) as refusal:
            await service.ask(planner, question(rule, people=0, weight=Weight.KM, percent=100))
        assert set(refusal.value.fields) == {"percent"}


async def test_a_worker_that_was_given_up_answers_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, _, _ = await promised(minutes=60)
    planner = await promising.officer()
    worked_out = service.service.worked_out

    async def overtaken(*given: Any) -> Any:
        found = await worked_out(*given)
        await database.execute("UPDATE dispatch_question SET fence = fence + 1")
        return found

    with clock.travelled_to(at(TODAY)):
        await asked(planner, rule)
        monkeypatch.setattr(service.service, "worked_out", overtaken)
        assert await service.answer_waiting(PROGRAM, clock.now()) == 0
        assert await database.fetch_value("SELECT count(*) FROM dispatch_scenario") == 0
        monkeypatch.setattr(service.service, "worked_out", worked_out)
        assert await service.answer_waiting(PROGRAM, clock.now() + service.STALE + timedelta(minutes=1)) == 1


async def test_a_question_stays_as_it_was_asked_and_gets_its_own_answer_once(db: None) -> None:
    rule, _, _ = await promised(minutes=60)
    planner = await promising.officer()
    with clock.travelled_to(at(TODAY)):
        await service.ask(planner, question(rule))  # the answer to a question about a district
        await asked(planner, rule)
    await refused("dispatch_question_is_kept", "UPDATE dispatch_question SET people = 3")
    await refused("dispatch_question_is_kept", "DELETE FROM dispatch_question")
    await refused("dispatch_question_ends_once", "UPDATE dispatch_question SET finished_at = now()")
    await refused(
        "dispatch_question_gets_its_answer",
        """UPDATE dispatch_question SET finished_at = now(), scenario_id = (SELECT id FROM dispatch_scenario)""",
    )
    await database.execute("UPDATE dispatch_question SET finished_at = now(), error = 'not_found'")
    await refused("dispatch_question_is_kept", "UPDATE dispatch_question SET error = 'other'")
    for guard, change in {
        "dispatch_question_asks_something": "people = 0",
        "dispatch_question_weighs": "weight_percent = 50",
    }.items():
        column, value = change.split(" = ")
        chosen = ", ".join(value if name == column else name for name in COLUMNS.split(", "))
        await refused(guard, f"INSERT INTO dispatch_question ({COLUMNS}) SELECT {chosen} FROM dispatch_question")
