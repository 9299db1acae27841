"""How evenly hours lie: figures that can be checked by hand, from what stations confirmed, each volunteer a number."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from tests.app.web.client import client, whole_application
from tests.volunteers import world
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.dispatch.explanations.fairness import rules
from volunteers.dispatch.explanations.fairness.rules import Quarter, spread


@pytest.fixture
def composed(db: None) -> None:
    compose()
    whole_application()


def test_quarters_follow_each_other_over_the_year() -> None:
    assert rules.quarter_of(date(2026, 11, 29)) == Quarter(2026, 4)
    assert [str(one) for one in rules.last_quarters(date(2026, 2, 1))] == ["2026-1", "2025-4", "2025-3", "2025-2"]
    assert (Quarter(2026, 4).first, Quarter(2026, 4).next) == (date(2026, 10, 1), Quarter(2027, 1))


def test_one_of_ten_who_does_half_of_it_all_is_said_so() -> None:
    found = spread([60] * 9 + [540, 0, 0])
    assert found is not None
    assert (found.people, found.least, found.median, found.most) == (10, 60, 60, 540)
    assert (found.top_people, found.top_share, round(found.gini, 3)) == (1, 0.5, 0.4)
    assert spread([0]) is None


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=40))
def test_the_figures_are_those_of_their_definitions(minutes: list[int]) -> None:
    found = spread(minutes)
    assert found is not None
    differences = sum(abs(one - other) for one in minutes for other in minutes)
    assert found.gini == pytest.approx(differences / (2 * len(minutes) * sum(minutes)))
    assert sum(one.people for one in found.bins) == len(minutes)
    assert len(found.bins) <= rules.MOST_BINS
    for one in found.bins:
        assert one.people == sum(one.least <= amount < one.below for amount in minutes)
    assert 1 / len(minutes) <= found.top_share + 1e-9 <= 1 + 1e-8


def test_nobody_is_placed_among_a_few() -> None:
    assert rules.percent_below([60] * 9, 60) is None
    assert rules.percent_below([60] * 5 + [120] * 5, 120) == 50


async def served(hours: list[int]) -> list[tuple[int, Principal]]:
    """Let people serve so many hours last week, confirmed by the station."""
    people = await world.people([world.profile(name=f"见证人{number}") for number in range(len(hours))])
    last_week = clock.now() - timedelta(days=14)
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    with clock.travelled_to(last_week):
        tomorrow = 24 * (clock.local(last_week).date() - clock.local(world.MONDAY).date()).days + 24 + 8
        published = await world.publish(*[await world.draft(hours=tomorrow, lasting=lasting) for lasting in hours])
        for (_, who), one in zip(people, published, strict=True):
            await sign_up(who, await database.fetch_value(
                "SELECT p.id FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE a.reference = $1",
                one.reference,
            ))  # fmt: skip
    with clock.travelled_to(last_week + timedelta(days=3)):
        seats = await database.fetch("SELECT public_id FROM sign_up WHERE live")
        await confirm_attendance(staff, [Presence(row["public_id"], Outcome.ATTENDED) for row in seats])
    return people


async def test_a_coordinator_sees_how_evenly_confirmed_hours_are_spread(composed: None) -> None:
    await served([1] * 9 + [9])
    quarter = rules.quarter_of(clock.local(clock.now() - timedelta(days=13)).date())
    async with client(await world.officer(Role.COORDINATOR)) as http:
        page = (await http.get("/dispatch/fairness", params={"quarter": str(quarter)})).text
        duties = (await http.get("/dispatch/fairness", params={"quarter": str(quarter), "kind": "duty"})).text
        english = (await http.get(f"/dispatch/fairness?lang=en&quarter={quarter}")).text
        found = {one["quarter"]: one for one in (await http.get("/api/v1/dispatch/fairness")).json()}[str(quarter)]
        assert "/dispatch/fairness" in (await http.get("/dispatch")).text
    assert "做得最多的十分之一（1 人）做了全部时长的 50%。" in page
    assert "carried 50% of all hours" in english
    assert "这个季度还没有确认的时长" in duties
    assert (found["spread"]["people"], found["spread"]["minutes"], found["spread"]["gini"]) == (10, 18 * 60, 0.4)
    assert (found["idle"], "见证人" in page) == (0, False)


async def test_a_coordinator_of_another_district_sees_none_of_it(composed: None) -> None:
    await served([1])
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert [one["spread"] for one in (await http.get("/api/v1/dispatch/fairness")).json()] == [None] * 4
        assert (await http.get("/dispatch/fairness", params={"place": world.TOWN[:6]})).status_code == 404
        assert (await http.get("/dispatch/fairness", params={"quarter": "never"})).status_code == 422


async def test_a_volunteer_sees_where_they_stand_and_nobody_s_name(composed: None) -> None:
    people = await served([1] * 5 + [2] * 4 + [9])
    quarter = rules.quarter_of(clock.local(clock.now() - timedelta(days=13)).date())
    async with client(people[-1][1]) as http:
        page = (await http.get("/my/fairness", params={"quarter": str(quarter)})).text
        english = (await http.get(f"/my/fairness?lang=en&quarter={quarter}")).text
        body = (await http.get("/api/v1/my/fairness", params={"quarter": str(quarter)})).json()
        assert "/my/fairness" in (await http.get("/my/hours")).text
    assert "你做了 9.0 小时，比 100 人里的 90 人多" in page
    assert "more than 90 in 100 people" in english
    assert not [number for number in range(9) if f"见证人{number}" in page]
    assert (body["minutes"], body["percent_below"], body["district"]) == (540, 90, world.TOWN[:6])


async def test_among_a_few_nothing_is_compared(composed: None) -> None:
    people = await served([1, 2])
    async with client(people[0][1]) as http:
        assert "人太少，不好比" in (await http.get("/my/fairness")).text
        assert (await http.get("/api/v1/my/fairness")).json()["spread"] is None
