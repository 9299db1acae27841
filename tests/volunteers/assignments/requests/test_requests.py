"""Where the station chooses, nobody sits down without being chosen, and everybody hears."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.requests import queries, service, telling
from volunteers.assignments.requests.jobs import follow_requests
from volunteers.assignments.requests.rules import (
    TRANSITIONS,
    AlreadyAsked,
    NoRequestNeeded,
    NotAllFit,
    ReasonForDecliningMissing,
    RequestEvent,
    RequestStatus,
)
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.assignments.sign_ups.rules import AskFirst, CredentialMissing
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.rules import PersonEvent
from volunteers.people.service import change_status


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def shift(capacity: int = 2, hours: float = 9, **changes: object) -> Published:
    """Publish a shift of the town's station that takes people by request."""
    seats = (PositionDraft("讲师", capacity=capacity, minimum=1, **changes),)  # type: ignore[arg-type]
    [found] = await world.publish(await world.draft(hours, positions=seats, sign_up_mode=SignUpMode.REQUEST))
    return found


async def staff() -> Principal:
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def asked(found: Published, people: Sequence[Principal]) -> list[UUID]:
    return [await service.ask(who, found.position_ids[0], f"note {n}") for n, who in enumerate(people)]


async def statuses() -> list[str]:
    return [row["status"] for row in await database.fetch("SELECT status FROM seat_request ORDER BY id")]


async def told(who: Principal) -> list[str]:
    rows = await database.fetch(
        "SELECT msgid FROM notification WHERE account_id = $1 AND channel = 'in_app' ORDER BY id", who.actor
    )
    return [row["msgid"] for row in rows]


@pytest.mark.parametrize(("status", "event"), list(itertools.product(RequestStatus, RequestEvent)))
def test_every_pair_of_status_and_event_is_decided(status: RequestStatus, event: RequestEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def test_nobody_signs_up_by_themselves_but_who_asks_may_be_chosen(db: None) -> None:
    (_, one), (_, other) = await world.volunteers(2)
    found = await shift(1)
    with pytest.raises(AskFirst):
        await sign_up(one, found.position_ids[0])
    first, second = await asked(found, [one, other])
    with pytest.raises(AlreadyAsked):
        await service.ask(one, found.position_ids[0])
    assert await database.fetch_value("SELECT booked FROM position") == 0
    chosen = await service.choose(await staff(), [second, first])
    assert (chosen.taken, len(chosen.refused)) == (1, 1)
    assert await statuses() == ["asked", "chosen"]
    assert len(await told(other)) == 1
    assert await told(one) == []


async def test_all_or_none_chooses_nobody_while_somebody_cannot_come(db: None) -> None:
    people = [who for _, who in await world.volunteers(3)]
    found = await shift(3)
    requests = await asked(found, people)
    await change_status(people[1], PersonEvent.PAUSE)
    officer = await staff()
    with pytest.raises(NotAllFit):
        await service.choose(officer, requests, all_or_none=True)
    assert await statuses() == ["asked"] * 3
    chosen = await service.choose(officer, requests)
    assert (chosen.taken, len(chosen.refused)) == (2, 1)
    assert await statuses() == ["chosen", "asked", "chosen"]


async def test_who_is_declined_is_told_why_and_who_withdraws_is_not_asked_again(db: None) -> None:
    (_, one), (_, other) = await world.volunteers(2)
    found = await shift()
    first, second = await asked(found, [one, other])
    officer = await staff()
    with pytest.raises(ReasonForDecliningMissing):
        await service.decline(officer, [first], " ")
    with pytest.raises(NotPermitted):
        await service.decline(await world.officer(Role.STATION_STAFF, "330127100"), [first], "x")
    assert await service.decline(officer, [first], "已有人选") == 1
    assert len(await told(one)) == 1
    with pytest.raises(NotFound):
        await service.take_back(one, second)
    await service.take_back(other, second)
    with pytest.raises(TransitionRefused):
        await service.choose(officer, [second])
    [mine] = await queries.my_requests(one)
    assert (mine.status, mine.reason) == (RequestStatus.DECLINED, "已有人选")


async def test_the_rules_of_sign_up_hold_for_asking_and_an_instant_shift_needs_no_request(db: None) -> None:
    [(_, who)] = await world.volunteers(1)
    with pytest.raises(CredentialMissing):
        await service.ask(who, (await shift(credentials_any=("lawyer",))).position_ids[0])
    [instant] = await world.publish(await world.draft(30))
    with pytest.raises(NoRequestNeeded):
        await service.ask(who, instant.position_ids[0])


async def test_time_and_cancellation_end_what_nobody_answered_and_stations_are_reminded_once(db: None) -> None:
    people = [who for _, who in await world.volunteers(2)]
    early, late = await shift(hours=9), await shift(hours=33)
    officer = await staff()
    await asked(early, people)
    await asked(late, people[:1])
    await cancel_assignment(officer, late.reference, "停电")
    assert await statuses() == ["asked", "asked", "ended"]
    starts = await database.fetch_value("SELECT starts FROM assignment WHERE id = $1", early.id)
    for _ in range(2):
        async with database.transaction():
            await telling.remind_stations(starts - timedelta(hours=3))
    assert len(await told(officer)) == 1
    with clock.travelled_to(starts + timedelta(minutes=1)):
        assert (await follow_requests(clock.now()))["ended"] == 2
        assert (await follow_requests(clock.now()))["ended"] == 0
    assert await statuses() == ["ended"] * 3
    assert len(await told(people[1])) == 1


async def test_raw_sql_seats_nobody_whom_the_station_did_not_choose(db: None) -> None:
    (person_id, who), (other_id, other) = await world.volunteers(2)
    found = await shift()
    await asked(found, [who])
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
                SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', $3, now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id"""
    for nobody, origin in ((person_id, "self"), (other_id, "chosen"), (other_id, "self")):
        with pytest.raises(asyncpg.CheckViolationError, match="station chooses"):
            await database.execute(insert, found.position_ids[0], nobody, origin)
    seat = await database.fetch_value(insert, found.position_ids[0], other_id, "import")
    with pytest.raises(asyncpg.CheckViolationError, match="not its own"):
        await database.execute("UPDATE seat_request SET status = 'chosen', sign_up_id = $1, answered_at = now()", seat)
    assert other.can  # the other never asked and sits there by a list


async def test_whoever_is_chosen_and_steps_back_at_once_no_more_come_than_there_are_seats(crowd: None) -> None:
    people = [who for _, who in await world.volunteers(12)]
    officer = await staff()
    for number in range(rounds(2, 100)):
        found = await shift(5, 9 + 24 * number)
        requests = await asked(found, people)
        seen = await outcomes(
            [
                *(service.choose(officer, requests[first : first + 3]) for first in range(0, 12, 3)),
                *(service.take_back(people[index], requests[index]) for index in (0, 5, 7)),
            ]
        )
        assert seen["ok"] >= 3
        row = await database.fetch_one("SELECT booked FROM position WHERE id = $1", found.position_ids[0])
        chosen = await database.fetch_value(
            "SELECT count(*) FROM seat_request WHERE assignment_id = $1 AND status = 'chosen'", found.id
        )
        assert row == {"booked": chosen}
        assert chosen <= 5
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_the_pages_ask_and_choose_and_the_api_does_the_same(db: None) -> None:
    (_, one), (_, other) = await world.volunteers(2)
    found = await shift(1)
    reference = found.reference
    async with client(one) as page:
        assert "由站点选人" in (await page.get(f"/assignments/{reference}")).text
        assert (await page.post(f"/assignments/{reference}/1/request", data={"note": "会讲杭州话"})).status_code == 303
        assert "等站点答复" in (await page.get(f"/assignments/{reference}")).text
        assert "我的申请" in (await page.get("/my/assignments")).text
    async with client(other) as program:
        made = await program.post("/api/v1/seat-requests", json={"assignment": reference})
        assert made.status_code == 201
        [entry] = (await program.get("/api/v1/seat-requests")).json()
        assert entry["id"] == made.json()["id"]
    async with client(await staff()) as desk:
        path = f"/station/shifts/{reference}/requests"
        assert "会讲杭州话" in (await desk.get(path)).text
        assert "人申请" in (await desk.get("/workbench")).text
        assert "请先勾选申请人" in (await desk.post(f"{path}/choose")).text
        asking = (await desk.get(f"/api/v1/assignments/{reference}/requests")).json()
        assert [one["note"] for one in asking] == ["会讲杭州话", ""]
        kept = await desk.post(f"{path}/decline", data={"requests": asking[1]["id"]})
        assert "请写明没选上的原因" in kept.text
        assert f'value="{asking[1]["id"]}" form="answer" checked' in kept.text
        assert (await desk.post(f"{path}/choose", data={"requests": asking[0]["id"]})).status_code == 303
        body = {"requests": [asking[1]["id"]], "reason": "名额满了"}
        assert (await desk.post("/api/v1/seat-requests/decline", json=body)).json() == {"answered": 1, "refused": []}
    assert await statuses() == ["chosen", "declined"]
