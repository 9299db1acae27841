"""A station asks why a seat is empty; the counts and what would fill it come from the plan itself."""

from uuid import UUID

import pytest

from app.composition import compose
from app.core import database
from app.core.access import Principal, Role
from tests.app.web.client import client, whole_application
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.rules import PositionDraft
from volunteers.people.rules import Limits, Window

LAWYER = PositionDraft("律师", 1, 1, "Lawyer", credentials_any=("lawyer",))
MORNINGS = (Window(0, 480, 600),)


@pytest.fixture(autouse=True)
def composed(db: None) -> None:
    compose()
    whole_application()


async def three_people() -> tuple[Principal, UUID, str]:
    """Plan a lawyer's shift for one who gets up early, one who may only do an hour, and one who is no lawyer."""
    tired = Limits(max_minutes_day=60, max_minutes_week=10_000, max_shifts_week=50)
    lawyer = {"credentials": (world.licence(),)}
    await world.people([world.profile(name="早起人", availability=MORNINGS, **lawyer)])
    lawyer = {"credentials": (world.licence(),)}
    await world.people([world.profile(name="忙人", availability=small.ALWAYS, limits=tired, **lawyer)])
    await world.people([world.profile(name="外行", availability=small.ALWAYS)])
    (reference,) = await small.shifts(9, positions=(LAWYER,))
    planner = await small.planner()
    return planner, await small.solved(planner), reference


async def test_the_funnel_and_the_steps_are_shown_to_the_station_in_both_languages(db: None) -> None:
    planner, run, reference = await three_people()
    path = f"/station/shifts/{reference}/empty-seats"
    async with client(await world.officer(Role.STATION_STAFF, world.TOWN)) as http:
        assert "那一周还没有发布的计划" in (await http.get(path)).text
        await small.publish(planner, run)
        page, english = (await http.get(path)).text, (await http.get(f"{path}?lang=en")).text
        assert path in (await http.get(f"/station/shifts/{reference}")).text
    for words in ("有空的 1 人，时长或次数都到上限了", "再有 1 个够条件的人", "这个班因此开不成"):
        assert words in page
    assert "有 1 人当天肯多做 60 分钟" in page
    assert "有 1 人那时再多空出 60 分钟" in page
    assert "More qualified people who live near and are free then: 1" in english
    assert not [name for name in ("早起人", "忙人", "外行") if name in page]


async def test_a_planner_and_programs_see_the_same_in_any_plan(db: None) -> None:
    planner, run, reference = await three_people()
    async with client(planner) as http:
        assert "再有 1 个够条件的人" in (await http.get(f"/dispatch/{run}/empty-seats/{reference}")).text
        assert f"/dispatch/{run}/empty-seats/{reference}" in (await http.get(f"/dispatch/{run}")).text
        (seat,) = (await http.get(f"/api/v1/dispatch/runs/{run}/empty-seats/{reference}")).json()["seats"]
        assert (await http.get(f"/api/v1/assignments/{reference}/empty-seats")).json()["run"] is None
    assert list(seat["people"].values()) == [3, 2, 2, 1, 0, 0, 0, 0]
    steps = {step["kind"]: step["amount"] for step in seat["would_fill"]}
    assert steps == {"person": 1, "free_time": 60, "day_limit": 60, "moved": -60}


async def test_a_seat_that_another_blocks_and_a_plan_whose_data_is_gone(db: None) -> None:
    await small.people(1)
    appraiser = PositionDraft("鉴定人", 1, 1, "Appraiser", credentials_any=("appraiser",))
    (reference,) = await small.shifts(9, positions=(LAWYER, appraiser))
    planner = await small.planner()
    run = await small.solved(planner)
    path = f"/dispatch/{run}/empty-seats/{reference}"
    async with client(planner) as http:
        assert "同一班的“鉴定人”也没人能来" in (await http.get(path)).text
        await database.execute("DELETE FROM dispatch_input")
        assert "已按规定删除" in (await http.get(path)).text


async def test_others_do_not_see_a_stations_seats(db: None) -> None:
    await small.people(1)
    (reference,) = await small.shifts(9, positions=(LAWYER,))
    planner = await small.planner()
    run = await small.solved(planner)
    async with client(await world.officer(Role.STATION_STAFF, "330127")) as http:
        assert (await http.get(f"/station/shifts/{reference}/empty-seats")).status_code == 403
        assert (await http.get(f"/dispatch/{run}/empty-seats/{reference}")).status_code == 403
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert (await http.get(f"/dispatch/{run}/empty-seats/{reference}")).status_code == 404
    elsewhere = await world.place_id("330106110")
    (other,) = await small.shifts(9, place_id=elsewhere, station_id=await world.station("330106110"))
    async with client(planner) as http:
        assert (await http.get(f"/dispatch/{run}/empty-seats/{other}")).status_code == 404
