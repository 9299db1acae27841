"""A message to everybody on a shift: once each, a few a day, kept as it was said, read by those it was said to."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from volunteers.assignments.messages.queries import readable, said_to_me
from volunteers.assignments.messages.rules import LONGEST, MOST_A_DAY, NobodyToTell, SaidAlready, TooManyMessages
from volunteers.assignments.messages.service import write_to_everybody
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.waiting.service import join_line

SAID = "今天改走东门，带上工作证。"


async def shift(capacity: int = 2) -> Published:
    [found] = await world.publish(await world.draft(positions=(PositionDraft("helper", capacity=capacity),)))
    return found


async def staff(place: str = world.TOWN) -> Principal:
    return await world.officer(Role.STATION_STAFF, place)


async def heard(who: Principal) -> int:
    """Return how often somebody was written to by a station."""
    count: int = await database.fetch_value(
        """SELECT count(*) FROM notification
           WHERE account_id = $1 AND channel = 'in_app' AND once_key LIKE 'shift-message:%'""",
        who.actor,
    )
    return count


async def test_everybody_with_a_seat_hears_and_those_who_wait_if_the_station_wants_it(db: None) -> None:
    found = await shift()
    people = [who for _, who in await world.volunteers(4)]
    for who in people[:2]:
        await sign_up(who, found.position_ids[0])
    await join_line(people[2], found.position_ids[0])
    officer = await staff()
    assert await write_to_everybody(officer, found.reference, SAID) == 2
    assert [await heard(who) for who in people] == [1, 1, 0, 0]
    assert await said_to_me(people[2], found.id) == []
    assert await write_to_everybody(officer, found.reference, "名额多了一个。", to_waiting=True) == 3
    assert [await heard(who) for who in people] == [2, 2, 1, 0]
    assert [one.body for one in await said_to_me(people[2], found.id)] == ["名额多了一个。"]
    assert [one.body for one in await said_to_me(people[0], found.id)] == ["名额多了一个。", SAID]
    assert await said_to_me(people[3], found.id) == []


async def test_who_gave_the_seat_back_hears_and_reads_nothing_more(db: None) -> None:
    found = await shift()
    (_, stays), (_, goes) = await world.volunteers(2)
    await sign_up(stays, found.position_ids[0])
    await withdraw(goes, await sign_up(goes, found.position_ids[0]))
    await write_to_everybody(await staff(), found.reference, SAID)
    assert (await heard(stays), await heard(goes)) == (1, 0)
    assert await readable(goes, found.reference) == []


async def test_five_messages_a_day_and_never_the_same_twice(db: None) -> None:
    found = await shift()
    [(_, who)] = await world.volunteers(1)
    await sign_up(who, found.position_ids[0])
    officer = await staff()
    await write_to_everybody(officer, found.reference, SAID)
    with pytest.raises(SaidAlready):
        await write_to_everybody(officer, found.reference, f" {SAID}\r\n")
    for number in range(1, MOST_A_DAY):
        await write_to_everybody(officer, found.reference, f"第 {number} 条")
    with pytest.raises(TooManyMessages):
        await write_to_everybody(officer, found.reference, "再来一条")
    assert await heard(who) == MOST_A_DAY
    with clock.travelled_to(clock.now() + timedelta(days=1)):
        assert await write_to_everybody(officer, found.reference, SAID) == 1


async def test_ten_clicks_at_once_send_five_messages_and_no_more(crowd: None) -> None:
    [(_, who)] = await world.volunteers(1)
    officer = await staff()
    for turn in range(rounds(3, 100)):
        [found] = await world.publish(await world.draft(hours=9 + 24 * turn))
        await sign_up(who, found.position_ids[0])
        sent = await asyncio.gather(
            *(write_to_everybody(officer, found.reference, f"第 {number} 条") for number in range(10)),
            return_exceptions=True,
        )
        assert sum(one == 1 for one in sent) == MOST_A_DAY
        assert sum(isinstance(one, TooManyMessages) for one in sent) == 10 - MOST_A_DAY


async def test_only_the_shifts_own_station_writes_and_only_something_to_somebody(db: None) -> None:
    found = await shift()
    [(_, who)] = await world.volunteers(1)
    officer, stranger = await staff(), await staff("330127100")
    with pytest.raises(NobodyToTell):
        await write_to_everybody(officer, found.reference, SAID)
    await sign_up(who, found.position_ids[0])
    for person, body, reference, refusal in (
        (stranger, SAID, found.reference, NotPermitted),
        (who, SAID, found.reference, NotPermitted),
        (officer, "  ", found.reference, InvalidInput),
        (officer, "字" * (LONGEST + 1), found.reference, InvalidInput),
        (officer, SAID, "RW-0000", NotFound),
    ):
        with pytest.raises(refusal):
            await write_to_everybody(person, reference, body)
    assert await write_to_everybody(await world.officer(Role.COORDINATOR), found.reference, "字" * LONGEST) == 1
    assert await readable(stranger, found.reference) == []


async def test_raw_sql_cannot_write_a_sixth_message_nor_edit_one(db: None) -> None:
    found = await shift()
    officer = await staff()
    raw = """INSERT INTO shift_message (assignment_id, body, to_waiting, people, day, number, sent_by, sent_at)
             VALUES ($1, $2, false, 1, '2000-01-01', 1, $3, $4)"""
    for number in range(MOST_A_DAY):
        await database.execute(raw, found.id, str(number), officer.actor, world.MONDAY)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await database.execute(raw, found.id, "one more", officer.actor, world.MONDAY)
    assert refused.value.constraint_name == "shift_message_rate"
    the_day_before = world.MONDAY - timedelta(days=1)
    await database.execute(raw, found.id, "0", officer.actor, the_day_before)
    with pytest.raises(asyncpg.UniqueViolationError) as again:
        await database.execute(raw, found.id, "0", officer.actor, the_day_before)
    assert again.value.constraint_name == "shift_message_said_once"
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("UPDATE shift_message SET body = 'x'")


async def test_the_station_writes_on_the_shifts_page_and_the_volunteer_reads_it_on_theirs(db: None) -> None:
    found = await shift()
    [(_, who)] = await world.volunteers(1)
    public_id = await sign_up(who, found.position_ids[0])
    path = f"/station/shifts/{found.reference}"
    async with client(await staff()) as http:
        assert "给大家发消息" in (await http.get(path)).text
        empty = await http.post(f"{path}/messages", data={"body": " "})
        assert empty.status_code == 422
        sent = await http.post(f"{path}/messages", data={"body": SAID})
        assert (sent.status_code, sent.headers["location"]) == (303, path)
        again = await http.post(f"{path}/messages", data={"body": SAID})
        assert again.status_code == 409
        assert SAID in again.text
        assert "没有再发" in again.text
        posted = await http.post(f"/api/v1/assignments/{found.reference}/messages", json={"body": "第二条"})
        assert posted.json() == {"people": 1}
    async with client(who) as http:
        for page in (f"/assignments/{found.reference}", f"/my/assignments/{public_id}/today"):
            text = (await http.get(page)).text
            assert "来自站点的消息" in text
            assert SAID in text
        listed = (await http.get(f"/api/v1/assignments/{found.reference}/messages")).json()
        assert [one["body"] for one in listed] == ["第二条", SAID]
        refused = await http.post(f"/api/v1/assignments/{found.reference}/messages", json={"body": "x"})
        assert refused.status_code == 403
