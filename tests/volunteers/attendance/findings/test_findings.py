"""A finding is decided once, with a reason, by somebody of the place whom it is not about; what was found stays."""

import itertools
from datetime import timedelta

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.attendance.findings.stage import LATER, at, coordinator_and_staff, found, somebody, worked
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.findings.queries import View, finding, work_behind
from volunteers.attendance.findings.rules import (
    LONGEST,
    TRANSITIONS,
    DecidedAboutOneself,
    FindingEvent,
    FindingStatus,
)
from volunteers.attendance.findings.service import decide
from volunteers.attendance.rules import Outcome, Presence


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(("status", "event"), list(itertools.product(FindingStatus, FindingEvent)))
def test_every_pair_of_status_and_event_is_decided(status: FindingStatus, event: FindingEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def one_finding(staff: Principal, coordinator: Principal) -> View:
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    return (await found(coordinator))[-1]


async def test_a_coordinator_of_the_place_decides_once_with_a_reason_and_never_about_themselves(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    view = await one_finding(staff, coordinator)
    stranger = await world.officer(Role.COORDINATOR, "330127")
    account_id = await database.fetch_value(
        "SELECT p.account_id FROM finding f JOIN person p ON p.id = f.person_id WHERE f.id = $1", view.id
    )
    oneself = Principal(account_id, kind="session", scopes=coordinator.scopes)
    for person, refusal in (
        (staff, NotPermitted),
        (stranger, NotPermitted),
        (oneself, DecidedAboutOneself),
    ):
        with pytest.raises(refusal):
            await decide(person, view.public_id, FindingEvent.DISMISS, "x")
    for reason in (" ", "字" * (LONGEST + 1)):
        with pytest.raises(InvalidInput):
            await decide(coordinator, view.public_id, FindingEvent.DISMISS, reason)
    with pytest.raises(NotFound):
        await finding(stranger, view.public_id)
    with clock.travelled_to(LATER + timedelta(hours=1)):
        await decide(coordinator, view.public_id, FindingEvent.DISMISS, "两班连着，有值班表。")
        with pytest.raises(TransitionRefused):
            await decide(coordinator, view.public_id, FindingEvent.CONFIRM, "再想想")
    assert [(one.status, one.reason) for one in await found(coordinator)] == [("dismissed", "两班连着，有值班表。")]


async def test_the_evidence_shows_what_the_record_says_now(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    [presence] = await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    [view] = await found(coordinator)
    with clock.travelled_to(LATER):
        await correct(staff, Presence(presence.sign_up, Outcome.ATTENDED, at(6), at(18)), "6 点才到")
    [work] = await work_behind(view)
    assert (work.minutes, work.corrections) == (720, 1)


async def test_raw_sql_cannot_rewrite_a_finding_nor_let_anybody_decide_about_themselves(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    view = await one_finding(staff, coordinator)
    decided = "UPDATE finding SET status = 'dismissed', reason = 'x', decided_at = $2, decided_by = $1"
    account_id = await database.fetch_value("SELECT account_id FROM person JOIN finding f ON f.person_id = person.id")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await database.execute(decided, account_id, LATER)
    assert refused.value.constraint_name == "finding_second_party"
    await database.execute(decided, coordinator.actor, LATER)
    for raw in ("UPDATE finding SET reason = 'y'", "UPDATE finding SET evidence = '{}'", "DELETE FROM finding"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(raw)
    again = """INSERT INTO finding (kind, subject, person_id, station_id, evidence, first_seen)
               SELECT kind, subject, person_id, station_id, evidence, first_seen FROM finding WHERE public_id = $1"""
    with pytest.raises(asyncpg.UniqueViolationError) as twice:
        await database.execute(again, view.public_id)
    assert twice.value.constraint_name == "finding_once"


async def test_the_coordinator_looks_reads_and_decides_on_pages_and_by_program(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    async with client(coordinator) as http:
        assert "没有要核查的" in (await http.get("/findings")).text
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    with clock.travelled_to(LATER):
        async with client(coordinator) as http:
            assert (await http.post("/findings/look")).status_code == 303
            assert (await http.post("/api/v1/findings/look")).json()["found"]["long_day"] == 0
            assert "2 条到场异常等你核查" in (await http.get("/workbench")).text
            listed = (await http.get("/api/v1/findings?status=open&kind=long_day")).json()["items"]
            first, second = (one["id"] for one in listed)
            page = (await http.get(f"/findings/{first}")).text
            assert "依据，按现在的记录" in page
            assert "12.5 小时" in page
            assert (await http.post(f"/findings/{first}", data={"event": "dismiss", "reason": ""})).status_code == 422
            good = {"event": "confirm", "reason": "值班表上只有 8 小时。"}
            assert (await http.post(f"/findings/{first}", data=good)).status_code == 303
            assert (await http.post(f"/api/v1/findings/{second}/decision", json=good)).status_code == 204
            work = (await http.get(f"/api/v1/findings/{second}")).json()["work"]
            assert [one["minutes"] for one in work] == [750]
            assert "没有要核查的" in (await http.get("/findings")).text
            assert "值班表上只有 8 小时。" in (await http.get("/findings?status=confirmed")).text
        async with client(staff) as http:
            assert (await http.get("/findings")).status_code == 403
