"""The web, the API, a dispatch plan and a list from a file reach for the same seats at the same instant."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import httpx

from app.composition import compose
from app.core import database
from app.core.access import Principal, Role
from app.imports import service as imports
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import file, report
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up_many

PEOPLE = "手机号,志愿者编号,姓名,任务编号,岗位"


async def by_web(http: httpx.AsyncClient, shift: Published) -> None:
    """Press the button of the page."""
    answer = await http.post(f"/assignments/{shift.reference}/1/sign-up")
    assert answer.status_code in (303, 409), answer.text


async def by_api(http: httpx.AsyncClient, shift: Published) -> None:
    """Ask as a program does."""
    answer = await http.post("/api/v1/sign-ups", json={"assignment": shift.reference, "position": 1})
    assert answer.status_code in (201, 409), answer.text


async def by_plan(officer: Principal, person_ids: list[int], shift: Published) -> None:
    """Publish what a plan proposes."""
    await sign_up_many(officer, [Wanted(shift.position_ids[0], one) for one in person_ids], Origin.DISPATCH)


async def by_list(officer: Principal, person_ids: list[int], shift: Published) -> None:
    """Hand in a list of names and store its good rows."""
    rows = await database.fetch("SELECT public_id FROM person WHERE id = ANY ($1)", person_ids)
    lines = [f",{row['public_id']},,{shift.reference}," for row in rows]
    view = await report(officer, file(*lines, header=PEOPLE), "sign-ups")
    await imports.store(officer, view.public_id, only_good=True)


async def test_forty_people_by_four_ways_on_five_places_are_exactly_five(crowd: None) -> None:
    compose()
    people, officer = await world.volunteers(40), await world.officer(Role.COORDINATOR)
    ids = [person_id for person_id, _ in people]
    async with AsyncExitStack() as open_phones:
        phones = [await open_phones.enter_async_context(client(who)) for _, who in people[:20]]
        for number in range(rounds(2, 100)):
            [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 5),)))
            attempts: list[Awaitable[None]] = [by_web(http, shift) for http in phones[:10]]
            attempts += [by_api(http, shift) for http in phones[10:]]
            attempts += [by_plan(officer, ids[20:30], shift), by_list(officer, ids[30:], shift)]
            assert (await outcomes(attempts))["ok"] == len(attempts)
            row = await database.fetch_one("SELECT booked FROM position WHERE id = $1", shift.position_ids[0])
            assert row == {"booked": 5}
            await _nobody_stays(shift)
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_one_person_sought_by_four_ways_for_eight_overlapping_shifts_has_exactly_one(crowd: None) -> None:
    compose()
    [(person_id, who)] = await world.volunteers(1)
    officer = await world.officer(Role.COORDINATOR)
    async with client(who) as http:
        for number in range(rounds(2, 100)):
            start = 9 + 24 * number
            shifts = await world.publish(*[await world.draft(start + minute / 60, 2) for minute in range(0, 80, 10)])
            ways: list[Callable[[Published], Awaitable[None]]] = [
                partial(by_web, http),
                partial(by_api, http),
                partial(by_plan, officer, [person_id]),
                partial(by_list, officer, [person_id]),
            ]
            seen = await outcomes([ways[index % 4](shift) for index, shift in enumerate(shifts)])
            assert seen["ok"] == len(shifts)
            live = "SELECT count(*) FROM sign_up WHERE live AND assignment_id = ANY ($1)"
            assert await database.fetch_value(live, [shift.id for shift in shifts]) == 1


async def _nobody_stays(shift: Published) -> None:
    """Let everybody go, so that nobody is busy or tired on the days of the next round."""
    await database.execute(
        """UPDATE sign_up SET status = 'released', ended_at = starts - interval '1 day', ended_reason = 'left'
           WHERE live AND assignment_id = $1""",
        shift.id,
    )
