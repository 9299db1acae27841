"""Who stands before a closed or unsafe station says so; a coordinator answers, and both hear of it."""

import itertools
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.attendance.test_attendance import signed_up
from volunteers.attendance.troubles import queries, service
from volunteers.attendance.troubles.rules import (
    TRANSITIONS,
    AboutOneself,
    NotTheTime,
    ReportedAlready,
    TroubleEvent,
    TroubleKind,
    TroubleStatus,
)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def standing() -> tuple[Principal, UUID]:
    """Return somebody with a shift."""
    [found] = await signed_up(1)
    return found


async def begins(sign_up: UUID, hours: float = 0) -> datetime:
    starts = await database.fetch_value("SELECT starts FROM sign_up WHERE public_id = $1", sign_up)
    return starts + timedelta(hours=hours)


@pytest.mark.parametrize(("status", "event"), list(itertools.product(TroubleStatus, TroubleEvent)))
def test_every_pair_of_status_and_event_is_decided(status: TroubleStatus, event: TroubleEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def test_the_coordinator_hears_at_once_answers_once_and_the_person_is_told(db: None) -> None:
    who, sign_up = await standing()
    coordinator = await world.officer(Role.COORDINATOR)
    with clock.travelled_to(await begins(sign_up)):
        trouble = await service.report(who, sign_up, TroubleKind.CLOSED, " 卷帘门锁着 ")
        assert [row.words for row in await queries.troubles(coordinator, TroubleStatus.OPEN, None, 9)] == ["卷帘门锁着"]
        assert (await queries.count_open(coordinator))[0] == 1
        heard = "SELECT count(*) FROM notification WHERE account_id = $1 AND link = $2"
        assert await database.fetch_value(heard, coordinator.actor, f"/troubles/{trouble}")
        with pytest.raises(ReportedAlready):
            await service.report(who, sign_up, TroubleKind.CLOSED, "")
        await service.answer(coordinator, trouble, "站点十分钟后开门")
        with pytest.raises(TransitionRefused):
            await service.answer(coordinator, trouble, "再说一遍")
    assert await database.fetch_value(heard, who.actor, f"/my/assignments/{sign_up}/trouble")
    [report] = (await queries.own_shift(who, sign_up)).reports
    assert (report.status, report.answer) == (TroubleStatus.ANSWERED, "站点十分钟后开门")
    assert await queries.troubles(coordinator, TroubleStatus.OPEN, None, 9) == []


@pytest.mark.parametrize(("hours", "allowed"), [(-1.1, False), (-0.9, True), (25, True), (27, False)])
async def test_it_is_said_from_an_hour_before_until_a_day_after(db: None, hours: float, allowed: bool) -> None:
    who, sign_up = await standing()
    with clock.travelled_to(await begins(sign_up, hours)):
        if allowed:
            await service.report(who, sign_up, TroubleKind.UNSAFE, "")
        else:
            with pytest.raises(NotTheTime):
                await service.report(who, sign_up, TroubleKind.UNSAFE, "")


async def test_only_about_ones_own_shift_with_words_where_they_are_needed(db: None) -> None:
    who, sign_up = await standing()
    [(_, stranger)] = await world.volunteers(1)
    with clock.travelled_to(await begins(sign_up)):
        with pytest.raises(NotFound):
            await service.report(stranger, sign_up, TroubleKind.CLOSED, "")
        for words in ("", "  ", "x" * 301):
            with pytest.raises(InvalidInput):
                await service.report(who, sign_up, TroubleKind.OTHER, words)
        trouble = await service.report(who, sign_up, TroubleKind.OTHER, "停电")
        elsewhere = await world.officer(Role.COORDINATOR, "330108")
        for reader, refusal in ((who, NotPermitted), (elsewhere, NotPermitted)):
            with pytest.raises(refusal):
                await service.answer(reader, trouble, "x")
        with pytest.raises(InvalidInput):
            await service.answer(await world.officer(Role.COORDINATOR), trouble, " ")


async def test_nobody_answers_their_own_report_nor_rewrites_one_by_raw_sql(db: None) -> None:
    who, sign_up = await standing()
    officer = await world.officer(Role.COORDINATOR)
    both = Principal(who.account_id, kind="session", scopes={**who.scopes, **officer.scopes})
    with clock.travelled_to(await begins(sign_up)):
        trouble = await service.report(who, sign_up, TroubleKind.NOBODY, "")
        with pytest.raises(AboutOneself):
            await service.answer(both, trouble, "没事")
        own = "status = 'answered', answer = 'x', answered_by = $1, answered_at = reported_at"
        with pytest.raises(asyncpg.CheckViolationError, match="their own report"):
            await database.execute(f"UPDATE trouble SET {own}", who.actor)
        for change in ("UPDATE trouble SET said = 'y'", "UPDATE trouble SET kind = 'unsafe'", "DELETE FROM trouble"):
            with pytest.raises(asyncpg.PostgresError):
                await database.execute(change)
        late = """INSERT INTO trouble (sign_up_id, kind, reported_at)
                  SELECT id, 'unsafe', ends + interval '2 days' FROM sign_up"""
        with pytest.raises(asyncpg.CheckViolationError, match="nothing is to be reported"):
            await database.execute(late)


async def test_the_pages_and_the_api_report_list_and_answer(db: None) -> None:
    who, sign_up = await standing()
    officer = await world.officer(Role.COORDINATOR)
    with clock.travelled_to(await begins(sign_up)):
        async with client(who) as phone:
            assert f"/my/assignments/{sign_up}/trouble" in (await phone.get(f"/my/assignments/{sign_up}/today")).text
            refused = await phone.post(f"/my/assignments/{sign_up}/trouble", data={"kind": "other", "words": ""})
            assert refused.status_code == 422
            said = {"kind": "unsafe", "words": "有人闹事"}
            assert (await phone.post(f"/my/assignments/{sign_up}/trouble", data=said)).status_code == 303
            assert "有人闹事" in (await phone.get(f"/my/assignments/{sign_up}/trouble")).text
            made = await phone.post(f"/api/v1/sign-ups/{sign_up}/troubles", json={"kind": "closed"})
        async with client(officer) as desk:
            assert "2 条站点情况等你处理" in (await desk.get("/workbench")).text
            assert "有人闹事" in (await desk.get("/troubles")).text
            items = (await desk.get("/api/v1/troubles")).json()["items"]
            assert [item["kind"] for item in items] == ["closed", "unsafe"]
            assert (await desk.post(f"/troubles/{items[1]['id']}", data={"answer": ""})).status_code == 422
            assert (await desk.post(f"/troubles/{items[1]['id']}", data={"answer": "已报警"})).status_code == 303
            answered = await desk.post(f"/api/v1/troubles/{made.json()['id']}/answer", json={"answer": "已开门"})
            assert answered.status_code == 204
            assert "没有要处理的情况" in (await desk.get("/troubles")).text
