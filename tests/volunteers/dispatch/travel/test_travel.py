"""Known travel times: handed in as a file, kept by every sign-up, shown beside the estimate."""

from typing import Any

import pytest

from app.composition import compose
from app.core import database
from app.core.access import Principal, Role
from app.imports import service as imports
from tests.app.web.client import client, whole_application
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import report, said
from tests.volunteers.dispatch import small
from volunteers.assignments.sign_ups.disruptions import WouldClash, reschedule
from volunteers.assignments.sign_ups.rules import NoTimeForTravel
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.files import decode_instance, encode
from volunteers.dispatch.engine.instance import Assignment
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.week import read_instance

HEADER = "从（区划代码）,到（区划代码）,分钟,来回都算"
HERE, THERE, FURTHER = "330106109", "330106110", "330127100"
KNOWN = """
SELECT here.code AS here, there.code AS there, t.minutes FROM travel_time t JOIN place here ON here.id = t.from_place_id
JOIN place there ON there.id = t.to_place_id ORDER BY here.code, there.code
"""
INSERT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'dispatch', now()
FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1
"""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and kinds of files mean what the packages' wiring says."""
    compose()


async def hand_in(planner: Principal, *rows: str) -> None:
    """Import ways from a file without a fault."""
    view = await report(planner, "\n".join((HEADER, *rows, "")).encode(), "travel-times")
    assert said(view) == {}
    await imports.store(planner, view.public_id, only_good=False)


async def known() -> list[tuple[Any, ...]]:
    """Return every known way."""
    return [tuple(row.values()) for row in await database.fetch(KNOWN)]


async def two_shifts(apart: float) -> list[int]:
    """Publish two shifts of one hour at two places, so many minutes apart; return their positions."""
    for hours, code in ((9, HERE), (10 + apart / 60, THERE)):
        place, station = await world.place_id(code), await world.station(code)
        await small.shifts(hours, lasting=1, place_id=place, station_id=station)
    return [row["id"] for row in await database.fetch("SELECT id FROM position ORDER BY id DESC LIMIT 2")][::-1]


async def estimate() -> int:
    """Return the minutes between the two places by their coordinates."""
    return int(
        await database.fetch_value(
            """SELECT travel_minutes(r, here.east_m, here.north_m, there.east_m, there.north_m)
               FROM travel_rule r, place here, place there WHERE here.code = $1 AND there.code = $2""",
            *(HERE, THERE),
        )
    )


async def test_a_file_states_ways_both_ways_or_one_and_takes_them_back(db: None) -> None:
    planner = await small.planner("330106")
    await hand_in(planner, f"{HERE},{THERE},40,", f"{HERE},{FURTHER},90,否")
    assert await known() == [(HERE, THERE, 40), (HERE, FURTHER, 90), (THERE, HERE, 40)]
    await hand_in(planner, f"{HERE},{THERE},35,否", f"{HERE},{FURTHER},0,")
    assert await known() == [(HERE, THERE, 35), (THERE, HERE, 40)]
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'travel_times.stated'") == 2


async def test_each_wrong_row_is_named_with_what_to_do(db: None) -> None:
    rows = (f"{HERE},{THERE},40,", f"{THERE},{HERE},41,", f"{HERE},{HERE},5,", f"{HERE},330199999,5,",
            f"{HERE},{THERE},601,否", f"{FURTHER},330127101,5,")  # fmt: skip
    view = await report(await small.planner("330106"), "\n".join((HEADER, *rows, "")).encode(), "travel-times")
    wrong = said(view)
    assert sorted(wrong) == [3, 4, 5, 6, 7]
    assert "第 2 行已经写过这条路" in wrong[3]
    assert "同一个地方" in wrong[4]
    assert "没有这个代码的地方" in wrong[5]
    assert "0 到 600" in wrong[6]
    assert "两头都不在你负责的范围里" in wrong[7]


@pytest.mark.parametrize("more", [False, True])
async def test_a_known_way_counts_instead_of_the_estimate_for_everybody(db: None, more: bool) -> None:
    guess = await estimate()
    minutes = guess + 20 if more else guess - 5
    await hand_in(await small.planner("330106"), f"{HERE},{THERE},{minutes},")
    too_near, near_enough = minutes - 1, minutes
    for apart, fits in ((too_near, False), (near_enough, True)):
        [(person, principal)] = await small.people(1)
        first, second = await two_shifts(apart)
        await sign_up(principal, first)
        if fits:
            await sign_up(principal, second)
        else:
            with pytest.raises(NoTimeForTravel):
                await sign_up(principal, second)
            await refused("sign_up_travel_and_rest", INSERT, second, person)


async def test_a_way_that_is_known_in_one_direction_is_estimated_in_the_other(db: None) -> None:
    guess = await estimate()
    await hand_in(await small.planner("330106"), f"{THERE},{HERE},{guess + 60},否")
    [(_, principal)] = await small.people(1)
    for position in await two_shifts(guess):
        await sign_up(principal, position)


async def test_whatever_lies_near_is_compared_not_only_the_next_shift(db: None) -> None:
    """A short shift between two places does not make the way between them shorter."""
    await hand_in(await small.planner("330106"), f"{HERE},{THERE},300,")
    [(person, principal)] = await small.people(1)
    first, second = await two_shifts(200)
    between = (await small.shifts(11, lasting=0.5))[0]
    await sign_up(principal, first)
    await sign_up(principal, await database.fetch_value("SELECT max(id) FROM position"))
    await refused("sign_up_travel_and_rest", INSERT, second, person)
    with pytest.raises(NoTimeForTravel):
        await sign_up(principal, second)
    assert between


async def test_a_shift_is_not_moved_to_a_time_that_leaves_no_time_for_a_known_way(db: None) -> None:
    await hand_in(await small.planner("330106"), f"{HERE},{THERE},120,")
    [(_, principal)] = await small.people(1)
    for position in await two_shifts(150):
        await sign_up(principal, position)
    shift = await database.fetch_one("SELECT reference, starts, ends FROM assignment ORDER BY starts DESC LIMIT 1")
    assert shift is not None
    nearer = [shift[name] - (shift["ends"] - shift["starts"]) for name in ("starts", "ends")]
    with pytest.raises(WouldClash):
        await reschedule(await world.officer(Role.COORDINATOR), shift["reference"], *nearer)


async def test_the_plan_keeps_to_a_known_way(db: None) -> None:
    guess = await estimate()
    await small.people(1)
    await two_shifts(guess + 10)
    assert len(await seats_of_the_plan()) == 2
    await hand_in(await small.planner("330106"), f"{HERE},{THERE},{guess + 11},")
    assert len(await seats_of_the_plan()) == 1


async def test_a_way_stated_after_somebody_signed_up_for_both_ends_contradicts_nothing(db: None) -> None:
    guess, planner = await estimate(), await small.planner("330106")
    [(_, principal)] = await small.people(1)
    for position in await two_shifts(guess + 10):
        await sign_up(principal, position)
    await hand_in(planner, f"{HERE},{THERE},600,")
    assert len(await seats_of_the_plan()) == 2
    await hand_in(planner, f"{HERE},{THERE},0,")
    await database.execute("UPDATE travel_rule SET setup_min = setup_min + 60")
    assert len(await seats_of_the_plan()) == 2


async def seats_of_the_plan() -> list[Assignment]:
    """Read, solve and check the district's week; return who goes where."""
    instance = decode_instance(encode(await read_instance("330106", small.MONDAY)))
    plan = solve(instance, time_limit=2).plan
    assert check(instance, plan).valid
    return list(plan.assignments)


async def test_the_page_and_the_endpoint_list_what_is_known_beside_the_estimate(db: None) -> None:
    whole_application()
    planner, stranger = await small.planner("330106"), await small.planner("330182")
    async with client(planner) as http:
        assert "还没有人写过路上时间" in (await http.get("/dispatch/travel")).text
        await hand_in(planner, f"{HERE},{THERE},77,")
        assert "77 分钟" in (await http.get("/dispatch/travel")).text
        assert "从（区划代码）" in (await http.get("/imports/new/travel-times")).text
        first = (await http.get("/api/v1/dispatch/travel-times", params={"limit": 1})).json()
        rest = (await http.get("/api/v1/dispatch/travel-times", params={"cursor": first["next_cursor"]})).json()
        [one, other] = first["items"] + rest["items"]
        assert (one["from_place"], one["to_place"], one["minutes"]) == (HERE, THERE, 77)
        assert (other["from_place"], other["estimate"]) == (THERE, await estimate())
    async with client(stranger) as http:
        assert (await http.get("/api/v1/dispatch/travel-times")).json()["items"] == []
