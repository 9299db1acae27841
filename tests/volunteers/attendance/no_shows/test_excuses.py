"""An excuse: within a week, sealed, answered once by somebody else, with a reason."""

import asyncio
import itertools
from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.attendance.no_shows.stage import at, missed, no_show_of, staff
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.no_shows.queries import excuses_to_answer, my_no_shows
from volunteers.attendance.no_shows.rules import (
    LONGEST,
    TRANSITIONS,
    ExcusedAlready,
    ExcuseEvent,
    ExcuseStatus,
    TooLateToExcuse,
    Verdict,
)
from volunteers.attendance.no_shows.service import answer_excuse, state_excuse, withdraw_excuse
from volunteers.attendance.rules import Outcome, Presence


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(("status", "event"), list(itertools.product(ExcuseStatus, ExcuseEvent)))
def test_every_pair_of_status_and_event_is_decided(status: ExcuseStatus, event: ExcuseEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def absent() -> tuple[Principal, UUID, UUID]:
    """Return somebody who missed a shift on Monday, the no-show, and the sign-up."""
    [(_, who)] = await world.volunteers(1)
    [sign_up] = await missed(who, 0)
    return who, await no_show_of(sign_up), sign_up


async def test_one_may_object_for_seven_days_once_and_only_for_oneself(shared_db: None) -> None:
    who, no_show, _ = await absent()
    other, _, _ = await absent()
    with clock.travelled_to(at(7, 12.1)), pytest.raises(TooLateToExcuse):
        await state_excuse(who, no_show, "病了")
    with clock.travelled_to(at(7, 11.9)):
        with pytest.raises(NotFound):
            await state_excuse(other, no_show, "病了")
        for reason in (" ", "字" * (LONGEST + 1)):
            with pytest.raises(InvalidInput):
                await state_excuse(who, no_show, reason)
        excuse = await state_excuse(who, no_show, "病了")
        with pytest.raises(ExcusedAlready):
            await state_excuse(who, no_show, "又想起来了")
        with pytest.raises(NotFound):
            await withdraw_excuse(other, excuse)
        await withdraw_excuse(who, excuse)
        await state_excuse(who, no_show, "说清楚些：住院了")


async def test_the_reason_is_sealed_and_the_station_reads_it(shared_db: None) -> None:
    who, no_show, _ = await absent()
    officer = await staff()
    with clock.travelled_to(at(1)):
        excuse = await state_excuse(who, no_show, "手术住院")
        stored = await database.fetch_value("SELECT reason_sealed FROM no_show_excuse WHERE public_id = $1", excuse)
        assert "手术".encode() not in stored
        assert "手术住院" in [row.excuse.reason for row in await excuses_to_answer(officer)]
        stranger = await world.officer(Role.STATION_STAFF, "330127100")
        assert await excuses_to_answer(stranger) == []


async def test_another_one_of_the_station_or_a_coordinator_answers_once_with_a_reason(shared_db: None) -> None:
    who, no_show, _ = await absent()
    officer, coordinator = await staff(), await world.officer(Role.COORDINATOR)
    both = Principal(who.account_id, kind="session", scopes={**who.scopes, **officer.scopes})
    stranger = await world.officer(Role.STATION_STAFF, "330127100")
    with clock.travelled_to(at(1)):
        excuse = await state_excuse(who, no_show, "病了")
        for person, refusal in ((both, SamePersonRefused), (who, NotPermitted), (stranger, NotPermitted)):
            with pytest.raises(refusal):
                await answer_excuse(person, excuse, Verdict.ACCEPT, "好")
        with pytest.raises(InvalidInput):
            await answer_excuse(officer, excuse, Verdict.ACCEPT, " ")
        await answer_excuse(coordinator, excuse, Verdict.ACCEPT, "有病历")
        with pytest.raises(TransitionRefused):
            await answer_excuse(officer, excuse, Verdict.REFUSE, "不算")
        with pytest.raises(TransitionRefused):
            await withdraw_excuse(who, excuse)
        [row] = await my_no_shows(who)
        assert (row.excused, row.standing) == (True, False)


async def test_what_was_corrected_needs_no_excuse(shared_db: None) -> None:
    who, no_show, sign_up = await absent()
    officer = await staff()
    with clock.travelled_to(at(1)):
        excuse = await state_excuse(who, no_show, "我到了，在二楼")
        await correct(officer, Presence(sign_up, Outcome.ATTENDED), "在二楼")
        assert excuse not in [row.excuse.public_id for row in await excuses_to_answer(officer)]
        with pytest.raises(TooLateToExcuse):
            await answer_excuse(officer, excuse, Verdict.ACCEPT, "好")
        with pytest.raises(TooLateToExcuse):
            await state_excuse(who, no_show, "再说一遍")


async def test_two_answers_at_once_are_one_answer(db: None) -> None:
    for _ in range(rounds(2, 50)):
        who, no_show, _ = await absent()
        officer, coordinator = await staff(), await world.officer(Role.COORDINATOR)
        with clock.travelled_to(at(1)):
            excuse = await state_excuse(who, no_show, "病了")
            said = await asyncio.gather(
                answer_excuse(officer, excuse, Verdict.ACCEPT, "好"),
                answer_excuse(coordinator, excuse, Verdict.REFUSE, "不好"),
                withdraw_excuse(who, excuse),
                return_exceptions=True,
            )
        assert sum(one is None for one in said) == 1
        assert sum(isinstance(one, TransitionRefused) for one in said) == 2


async def test_raw_sql_cannot_excuse_late_nor_oneself_nor_answer_twice(shared_db: None) -> None:
    who, no_show, _ = await absent()
    officer = await staff()
    state = """INSERT INTO no_show_excuse (no_show_id, reason_sealed, status, stated_at)
               SELECT id, '\\x00', $2, $3 FROM no_show WHERE public_id = $1"""
    for status, instant in (("stated", at(8)), ("withdrawn", at(1))):
        with pytest.raises(asyncpg.CheckViolationError):
            await database.execute(state, no_show, status, instant)
    await database.execute(state, no_show, "stated", at(1))
    answer = """UPDATE no_show_excuse SET status = 'accepted', answer = 'x', answered_by = $2, answered_at = $3
                WHERE no_show_id = (SELECT id FROM no_show WHERE public_id = $1)"""
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await database.execute(answer, no_show, who.actor, at(2))
    assert refused.value.constraint_name == "no_show_excuse_second_party"
    await database.execute(answer, no_show, officer.actor, at(2))
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute(answer, no_show, officer.actor, at(3))


async def test_the_person_explains_and_the_station_answers_on_pages_and_by_program(shared_db: None) -> None:
    who, no_show, _ = await absent()
    other, other_no_show, _ = await absent()
    officer = await staff()
    with clock.travelled_to(at(1)):
        async with client(who) as http:
            path = f"/my/no-shows/{no_show}"
            assert (await http.post(path, data={"reason": " "})).status_code == 422
            assert (await http.post(path, data={"reason": "孩子发烧"})).status_code == 303
            assert "等答复" in (await http.get(path)).text
        async with client(other) as http:
            made = await http.post(f"/api/v1/no-shows/{other_no_show}/excuse", json={"reason": "堵车"})
            assert (await http.delete(f"/api/v1/excuses/{made.json()['id']}")).status_code == 204
        async with client(officer) as http:
            assert "说明等你答复" in (await http.get("/workbench")).text
            assert "孩子发烧" not in (await http.get("/station/excuses")).text  # only on the page that needs it
            waiting = (await http.get("/api/v1/excuses")).json()
            [excuse] = [one["excuse"]["id"] for one in waiting if one["excuse"]["reason"] == "孩子发烧"]
            page = f"/station/excuses/{excuse}"
            assert "孩子发烧" in (await http.get(page)).text
            refused = await http.post(page, data={"answer": "好"})
            assert refused.status_code == 422
            assert (await http.post(page, data={"verdict": "accept", "answer": "情况属实"})).status_code == 303
            assert (await http.get(page)).status_code == 200
            again = await http.post(f"/api/v1/excuses/{excuse}/answer", json={"verdict": "refuse", "answer": "x"})
            assert again.status_code == 409
        async with client(who) as http:
            assert "情况属实" in (await http.get(path)).text
