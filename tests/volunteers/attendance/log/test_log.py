"""The log of a shift: written by who did it, needed for a duty, kept apart from names, final once confirmed."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database, vault
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.checking_in.rules import Moment
from volunteers.attendance.checking_in.service import check_by_name
from volunteers.attendance.log.queries import my_log
from volunteers.attendance.log.rules import LogMissing, Matter, NoLogNow
from volunteers.attendance.log.service import write_log
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

START, END = world.MONDAY + timedelta(hours=9), world.MONDAY + timedelta(hours=11)
MINUTE = timedelta(minutes=1)
LAWYER = PositionDraft("lawyer", 2, 1, credentials_any=("lawyer",))


async def on_duty(kind: Kind = Kind.DUTY) -> tuple[Published, Principal, UUID]:
    [(_, who)] = await world.people([world.profile(credentials=(world.licence(),))])
    [shift] = await world.publish(await world.draft(kind=kind, positions=(LAWYER,)))
    return shift, who, await sign_up(who, shift.position_ids[0])


async def confirmed(staff: Principal, presence: Presence) -> dict[str, object]:
    result = await confirm_attendance(staff, [presence])
    if result.refused:
        raise result.refused[presence.sign_up]
    row = await database.fetch_one("SELECT * FROM attendance WHERE id = $1", result.attendance_ids[0])
    assert row
    return row


async def test_the_station_confirms_what_the_person_wrote_with_the_times_they_were_seen(shared_db: None) -> None:
    _, who, public_id = await on_duty()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START - 10 * MINUTE):
        await check_by_name(staff, public_id, Moment.IN)
    with clock.travelled_to(START + 30 * MINUTE):
        await write_log(who, public_id, {Matter.LABOR: 9})
        await write_log(who, public_id, {Matter.MARRIAGE: 3, Matter.LABOR: 1, Matter.LAND: 0}, " 停电一小时 ")
        log = await my_log(who, public_id)
        assert (log.people, log.counts, log.note) == (4, {"marriage": 3, "labor": 1}, "停电一小时")
    with clock.travelled_to(END - 5 * MINUTE):
        await check_by_name(staff, public_id, Moment.OUT)
    with clock.travelled_to(END + MINUTE):
        row = await confirmed(staff, Presence(public_id, Outcome.ATTENDED))
        assert (row["people_served"], row["minutes"], row["arrived_at"]) == (4, 115, START)
        with pytest.raises(NoLogNow):
            await write_log(who, public_id, {Matter.LABOR: 1})
        assert not (await my_log(who, public_id)).open


async def test_a_duty_without_log_or_number_is_not_confirmed_other_work_is(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF)
    _, _, duty = await on_duty()
    _, _, mediation = await on_duty(Kind.MEDIATION)
    with clock.travelled_to(END):
        with pytest.raises(LogMissing):
            await confirmed(staff, Presence(duty, Outcome.ATTENDED))
        assert (await confirmed(staff, Presence(duty, Outcome.ATTENDED, people_served=0)))["people_served"] == 0
        assert (await confirmed(staff, Presence(mediation, Outcome.ATTENDED)))["people_served"] == 0
    said = await database.fetch(
        "SELECT l.people, l.counts FROM duty_log l JOIN sign_up s ON s.id = l.sign_up_id WHERE s.public_id = $1", duty
    )
    assert [tuple(row.values()) for row in said] == [(0, "{}")], "the station's number is in the log as well"


async def test_the_stations_own_number_becomes_an_entry_of_its_own(shared_db: None) -> None:
    _, who, public_id = await on_duty()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(END):
        await write_log(who, public_id, {Matter.OTHER: 30})
        assert (await confirmed(staff, Presence(public_id, Outcome.ATTENDED, people_served=3)))["people_served"] == 3
    entries = await database.fetch(
        """SELECT l.number, l.people, l.written_by FROM duty_log l JOIN sign_up s ON s.id = l.sign_up_id
           WHERE s.public_id = $1 ORDER BY l.number""",
        public_id,
    )
    assert [tuple(row.values()) for row in entries] == [(1, 30, who.account_id), (2, 3, staff.account_id)]


async def test_nobody_writes_anothers_log_or_before_the_shift_or_nonsense(shared_db: None) -> None:
    _, who, public_id = await on_duty()
    _, other, _ = await on_duty()
    with clock.travelled_to(START - MINUTE), pytest.raises(NoLogNow):
        await write_log(who, public_id, {})
    with clock.travelled_to(START):
        with pytest.raises(NotFound):
            await write_log(other, public_id, {})
        for counts, note in (({Matter.LABOR: 201}, ""), ({Matter.LABOR: -1}, ""), ({}, "x" * 501)):
            with pytest.raises(InvalidInput):
                await write_log(who, public_id, counts, note)
    _, _, lecture = await on_duty(Kind.MEDIATION)
    with clock.travelled_to(START), pytest.raises(NotFound):
        await write_log(who, lecture, {})


async def test_raw_sql_cannot_confirm_another_number_nor_rewrite_a_log(shared_db: None) -> None:
    _, who, public_id = await on_duty()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START):
        await write_log(who, public_id, {Matter.LABOR: 2})
    sign_up_id = await database.fetch_value("SELECT id FROM sign_up WHERE public_id = $1", public_id)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with database.transaction():
            await database.execute("UPDATE sign_up SET status = 'completed' WHERE id = $1", sign_up_id)
            await database.execute(
                """INSERT INTO attendance (sign_up_id, outcome, arrived_at, left_at, minutes, people_served,
                                           confirmed_by, confirmed_at)
                   VALUES ($1, 'attended', $2, $3, 120, 9, $4, $3)""",
                *(sign_up_id, START, END, staff.account_id),
            )
    assert refused.value.constraint_name == "attendance_agrees_with_log"
    entry = """INSERT INTO duty_log (sign_up_id, number, people, counts, written_by, written_at)
               VALUES ($1, 2, $2, '{"labor": 1}', $3, $4)"""
    for people, at, constraint in ((5, START, "duty_log_adds_up"), (1, START - MINUTE, "duty_log_while_open")):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(entry, sign_up_id, people, who.account_id, at)
        assert refused.value.constraint_name == constraint
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("DELETE FROM duty_log")


async def test_what_was_special_is_gone_with_the_persons_key(shared_db: None) -> None:
    _, who, public_id = await on_duty()
    with clock.travelled_to(START):
        await write_log(who, public_id, {Matter.LABOR: 1}, "special")
        key = await database.fetch_value("SELECT subject_key_id FROM account WHERE id = $1", who.account_id)
        async with database.transaction():
            await vault.destroy(key)
        assert (await my_log(who, public_id)).note == ""


async def test_three_taps_on_the_page_and_the_same_for_programs(shared_db: None) -> None:
    shift, who, public_id = await on_duty()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START + MINUTE):
        async with client(who) as http:
            day = await http.get(f"/my/assignments/{public_id}/today")
            assert f"/my/assignments/{public_id}/log" in day.text
            wrong = await http.post(f"/my/assignments/{public_id}/log", data={"labor": "900", "note": "kept"})
            assert wrong.status_code == 422
            assert "kept" in wrong.text
            done = await http.post(f"/my/assignments/{public_id}/log", data={"labor": "2", "note": "lights out"})
            assert done.headers["location"] == f"/my/assignments/{public_id}/today"
            assert "记了 2 位居民" in (await http.get(done.headers["location"])).text
            own = await http.put(f"/api/v1/sign-ups/{public_id}/log", json={"labor": 1, "marriage": 2})
            assert (own.json()["people"], own.json()["open"]) == (3, True)
        async with client(staff) as http:
            page = await http.get(f"/station/shifts/{shift.reference}")
            assert "3 位居民" in page.text
            assert (await http.get(f"/api/v1/sign-ups/{public_id}/log")).status_code == 403
