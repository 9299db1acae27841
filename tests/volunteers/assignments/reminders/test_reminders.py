"""Reminders: three days and two hours ahead, once each, however many workers look; never for a seat given back."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from app.notifications import content
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from volunteers.assignments.reminders.jobs import remind_people
from volunteers.assignments.reminders.service import choose_moments, remind
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, reschedule
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, accept, sign_up, sign_up_many, withdraw

STARTS = world.MONDAY + timedelta(days=10, hours=9)
THREE_DAYS, TWO_HOURS = timedelta(hours=72), timedelta(hours=2)
SYSTEM = system_principal(Permission.ASSIGNMENT_PUBLISH)


async def shift(capacity: int = 3, **changes: object) -> Published:
    """Publish a lecture ten days after next Monday."""
    positions = (PositionDraft("helper", capacity=capacity, minimum=0),)
    [found] = await world.publish(await world.draft(hours=10 * 24 + 9, positions=positions, **changes))
    return found


async def seated(how_many: int = 1, **changes: object) -> tuple[Published, list[tuple[Principal, UUID]]]:
    """Return a shift with so many people on it, who signed up today."""
    found = await shift(max(3, how_many), **changes)
    people = [who for _, who in await world.volunteers(how_many)]
    return found, [(who, await sign_up(who, found.position_ids[0])) for who in people]


async def look(*instants: datetime) -> list[int]:
    """Let the job run at some instants; return how many it reminded each time."""
    said = []
    for now in instants:
        with clock.travelled_to(now):
            said.append((await remind_people(now))["reminded"])
    return said


async def heard(who: Principal) -> list[str]:
    """Return what somebody was told by text message."""
    rows = await database.fetch(
        """SELECT msgid, detail FROM notification WHERE account_id = $1 AND once_key LIKE 'reminder:%:sms'
           OR account_id = $1 AND channel = 'in_app' AND once_key LIKE 'reminder:%' ORDER BY id""",
        who.actor,
    )
    return [str(content.message(row["msgid"], row["detail"])) for row in rows]


async def test_everybody_on_a_shift_hears_three_days_and_two_hours_ahead_and_each_time_once(db: None) -> None:
    _, people = await seated(3)
    early, three, again, two = (
        STARTS - timedelta(hours=73),
        STARTS - THREE_DAYS,
        STARTS - timedelta(hours=40),
        (STARTS - timedelta(minutes=119)),
    )
    assert await look(early, three, again, two, two + timedelta(minutes=5), STARTS) == [0, 3, 0, 3, 0, 0]
    assert await database.fetch_value("SELECT count(*) FROM reminder") == 6
    assert len(await heard(people[0][0])) == 4 - 2  # these accounts have no telephone: the inbox alone


async def test_a_reminder_says_when_where_and_whom_to_meet_and_leads_to_the_page_of_the_day(db: None) -> None:
    _, [(who, public_id)] = await seated(
        title_zh="民法典讲座", contact_name="王老师", contact_phone="0571-1234", meeting_point_zh="二楼 203 室"
    )
    reachable = "UPDATE account SET phone_sealed = '\\x00', phone_digest = sha256('\\x00') WHERE id = $1"
    await database.execute(reachable, who.actor)
    await look(STARTS - timedelta(minutes=60))
    in_app, sms = await heard(who)
    for part in ("今天 9:00", "民法典讲座", "二楼 203 室", "王老师 0571-1234"):
        assert part in in_app
        assert part in sms
    page = f"/my/assignments/{public_id}/today"
    assert page in sms
    link = await database.fetch_value(
        "SELECT link FROM notification WHERE account_id = $1 AND channel = 'in_app'", who.actor
    )
    assert link == page
    async with client(who) as http:
        assert (await http.get(page)).status_code == 200


async def test_without_a_named_contact_one_meets_the_staff_of_the_station(db: None) -> None:
    _, [(who, _)] = await seated()
    await look(STARTS - TWO_HOURS)
    [said] = await heard(who)
    assert "站点工作人员" in said


async def test_who_signs_up_late_hears_two_hours_ahead_only_and_who_was_missed_hears_once(db: None) -> None:
    found, [(early, _)] = await seated()
    [(_, late)] = await world.volunteers(1)
    with clock.travelled_to(STARTS - timedelta(hours=50)):
        await sign_up(late, found.position_ids[0])
    assert await look(STARTS - timedelta(hours=49), STARTS - timedelta(hours=1)) == [1, 2]
    assert [len(await heard(early)), len(await heard(late))] == [2, 1]
    [(_, last)] = await world.volunteers(1)
    with clock.travelled_to(STARTS - timedelta(minutes=90)):
        await sign_up(last, found.position_ids[0])
    assert await look(STARTS - timedelta(minutes=80)) == [0]
    _, [(missed, _)] = await seated()
    await look(STARTS - timedelta(minutes=30))
    assert len(await heard(missed)) == 1


async def test_an_offer_counts_from_the_moment_it_was_accepted(db: None) -> None:
    found = await shift()
    [(person_id, who)] = await world.volunteers(1)
    coordinator = await world.officer(Role.COORDINATOR)
    await sign_up_many(coordinator, [Wanted(found.position_ids[0], person_id)], Origin.DISPATCH, offered=True)
    assert await look(STARTS - timedelta(hours=60)) == [0]
    public_id = await database.fetch_value("SELECT public_id FROM sign_up")
    with clock.travelled_to(STARTS - timedelta(hours=50)):
        await accept(who, public_id)
    await database.execute("UPDATE sign_up SET changed_at = $1", STARTS - timedelta(hours=50))
    assert await look(STARTS - timedelta(hours=49), STARTS - timedelta(hours=1)) == [0, 1]


async def test_a_shift_that_moves_is_told_anew_and_one_given_back_never(db: None) -> None:
    found, [(stays, _), (goes, public_id)] = await seated(2)
    coordinator = await world.officer(Role.COORDINATOR)
    await withdraw(goes, public_id)
    assert await look(STARTS - timedelta(hours=71)) == [1]
    later = STARTS + timedelta(days=5)
    with clock.travelled_to(STARTS - timedelta(hours=70)):
        await reschedule(coordinator, found.reference, later, later + timedelta(hours=2))
    assert await look(STARTS - TWO_HOURS, later - timedelta(hours=71), later - timedelta(hours=1)) == [0, 1, 1]
    assert [len(await heard(stays)), len(await heard(goes))] == [3, 0]
    other, [(called_off, _)] = await seated()
    await cancel_assignment(coordinator, other.reference, "停电")
    await look(STARTS - THREE_DAYS, STARTS - TWO_HOURS)
    assert await heard(called_off) == []


async def test_who_switched_a_moment_off_is_left_in_peace_at_that_moment(db: None) -> None:
    _, [(who, _), (other, _)] = await seated(2)
    await choose_moments(who, [120])
    assert await look(STARTS - THREE_DAYS, STARTS - TWO_HOURS) == [1, 2]
    await choose_moments(who, [])
    await choose_moments(who, [4320, 120])
    assert [len(await heard(who)), len(await heard(other))] == [1, 2]


async def test_two_workers_at_once_write_one_message_each(crowd: None) -> None:
    for _ in range(rounds(3, 100)):
        _, people = await seated(5)
        now = STARTS - THREE_DAYS
        with clock.travelled_to(now):
            reminded: Sequence[int] = await asyncio.gather(*(remind(SYSTEM, now) for _ in range(4)))
        assert sum(reminded) == 5
        assert [len(await heard(who)) for who, _ in people] == [1] * 5


async def test_raw_sql_cannot_remind_twice_nor_of_another_time_nor_who_gave_the_seat_back(db: None) -> None:
    _, [(_, kept), (goes, given_back)] = await seated(2)
    await withdraw(goes, given_back)
    raw = """INSERT INTO reminder (sign_up_id, moment_id, starts, sent_at)
             SELECT s.id, m.id, s.starts + $2, $3 FROM sign_up s, reminder_moment m
             WHERE s.public_id = $1 AND m.minutes_before = 120"""
    nothing, on_time = timedelta(), STARTS - timedelta(minutes=100)
    for sign_up_id, moved, at in (
        (given_back, nothing, on_time),
        (kept, timedelta(hours=1), on_time),
        (kept, nothing, STARTS - timedelta(hours=3)),
        (kept, nothing, STARTS),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(raw, sign_up_id, moved, at)
        assert refused.value.constraint_name == "reminder_is_due"
    await database.execute(raw, kept, nothing, on_time)
    with pytest.raises(asyncpg.UniqueViolationError) as refused_twice:
        await database.execute(raw, kept, nothing, on_time + timedelta(minutes=1))
    assert refused_twice.value.constraint_name == "reminder_once"


async def test_the_moments_are_chosen_in_the_profile_and_by_programs(db: None) -> None:
    [(_, who)] = await world.volunteers(1)
    async with client(who) as http:
        assert "开始前 72 小时" in (await http.get("/my/profile")).text
        assert (await http.post("/my/profile/reminders", data={"moments": ["120"]})).status_code == 303
        said = (await http.get("/api/v1/reminders")).json()
        assert said == [{"minutes_before": 4320, "wanted": False}, {"minutes_before": 120, "wanted": True}]
        put = await http.put("/api/v1/reminders", json={"minutes_before": [4320]})
        assert [one["wanted"] for one in put.json()] == [True, False]
