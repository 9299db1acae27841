"""Putting a confirmed record right: nothing is edited, a reason is given, hours follow, money is only told."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import Compensation, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.corrections.queries import my_record
from volunteers.attendance.corrections.rules import NotConfirmedYet, NothingChanged
from volunteers.attendance.corrections.service import CORRECTED_TOPIC, correct
from volunteers.attendance.queries import my_hours
from volunteers.attendance.rules import Outcome, OwnAttendance, Presence, TimesImplausible
from volunteers.attendance.service import confirm_attendance

START, END = world.MONDAY + timedelta(hours=9), world.MONDAY + timedelta(hours=11)
AFTER = END + timedelta(hours=1)


async def confirmed(
    outcome: Outcome = Outcome.ATTENDED, compensation: Compensation = Compensation.UNPAID
) -> tuple[Principal, Principal, UUID]:
    """Return a person, the staff who confirmed, and the sign-up of a shift from 9 to 11."""
    [(_, who)] = await world.volunteers(1)
    [shift] = await world.publish(await world.draft(compensation=compensation, positions=(PositionDraft("helper"),)))
    public_id = await sign_up(who, shift.position_ids[0])
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(AFTER):
        assert not (
            await confirm_attendance(
                staff, [Presence(public_id, outcome, people_served=4 if outcome is Outcome.ATTENDED else 0)]
            )
        ).refused
    return who, staff, public_id


async def test_what_was_confirmed_stays_what_holds_is_the_last_correction_and_hours_follow(shared_db: None) -> None:
    who, staff, public_id = await confirmed()
    with clock.travelled_to(AFTER + timedelta(days=3)):
        shorter = Presence(public_id, Outcome.ATTENDED, START + timedelta(minutes=30), END, 3)
        assert await correct(staff, shorter, "签到表上写的是 9:30") == 1
        assert (await my_hours(who)).minutes == 90
        assert await correct(staff, Presence(public_id, Outcome.ABSENT), "认错人了") == 2
        assert (await my_hours(who)).minutes == 0
        record = await my_record(who, public_id)
        said = [(v.outcome, v.minutes, v.people_served, v.reason) for v in record.versions]
        assert said == [
            ("attended", 120, 4, ""),
            ("attended", 90, 3, "签到表上写的是 9:30"),
            ("absent", 0, 0, "认错人了"),
        ]
        with pytest.raises(NothingChanged):
            await correct(staff, Presence(public_id, Outcome.ABSENT), "again")
    held = await database.fetch(
        """SELECT t.minutes, n.minutes AS held FROM attendance t JOIN attendance_now n USING (id)
           JOIN sign_up s ON s.id = t.sign_up_id WHERE s.public_id = $1""",
        public_id,
    )
    assert [tuple(row.values()) for row in held] == [(120, 0)]


async def test_paid_work_is_corrected_without_hours_and_the_layers_above_are_told(shared_db: None) -> None:
    who, staff, public_id = await confirmed(compensation=Compensation.SUBSIDY)
    with clock.travelled_to(AFTER):
        await correct(staff, Presence(public_id, Outcome.ATTENDED, START, END - timedelta(minutes=30)), "早走")
        assert (await my_hours(who)).minutes == 0
    told = """SELECT count(*) FROM fact f JOIN attendance_correction c ON c.id = f.subject_id
              JOIN attendance t ON t.id = c.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
              WHERE f.topic = $1 AND s.public_id = $2"""
    assert await database.fetch_value(told, CORRECTED_TOPIC, public_id) == 1
    heard = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND link = $2",
        who.actor,
        f"/my/assignments/{public_id}/record",
    )
    assert heard == 1


async def test_only_another_one_of_the_station_corrects_with_a_reason_what_was_confirmed(shared_db: None) -> None:
    who, staff, public_id = await confirmed()
    shorter = Presence(public_id, Outcome.ATTENDED, START, END - timedelta(minutes=1))
    both = Principal(who.account_id, kind="session", scopes={**who.scopes, **staff.scopes})
    with clock.travelled_to(AFTER):
        stranger = await world.officer(Role.STATION_STAFF, "330108")
        for person, refusal in ((both, OwnAttendance), (who, NotPermitted), (stranger, NotPermitted)):
            with pytest.raises(refusal):
                await correct(person, shorter, "x")
        for reason in ("", "  ", "x" * 301):
            with pytest.raises(InvalidInput):
                await correct(staff, shorter, reason)
        with pytest.raises(TimesImplausible):
            await correct(staff, Presence(public_id, Outcome.ATTENDED, START - timedelta(hours=5), END), "x")
    other, _, _ = await confirmed()
    with clock.travelled_to(AFTER), pytest.raises(NotFound):
        await my_record(other, public_id)
    [(_, fresh)] = await world.volunteers(1)
    [shift] = await world.publish(await world.draft(hours=40))
    unconfirmed = await sign_up(fresh, shift.position_ids[0])
    with clock.travelled_to(AFTER + timedelta(days=3)), pytest.raises(NotConfirmedYet):
        await correct(staff, Presence(unconfirmed, Outcome.ABSENT), "x")


async def test_raw_sql_cannot_invent_what_was_before_nor_correct_oneself_nor_edit(shared_db: None) -> None:
    who, staff, public_id = await confirmed()
    raw = """INSERT INTO attendance_correction (attendance_id, number, outcome_before, arrived_before, left_before,
                 minutes_before, people_before, outcome, minutes, people_served, reason, corrected_by, corrected_at)
             SELECT t.id, $2, t.outcome, t.arrived_at, t.left_at, $3, t.people_served, 'absent', 0, 0, 'x', $4, $5
             FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id WHERE s.public_id = $1"""
    for number, minutes, author, constraint in (
        (1, 120, who.actor, "attendance_correction_second_party"),
        (1, 60, staff.actor, "attendance_correction_continues"),
        (2, 120, staff.actor, "attendance_correction_continues"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(raw, public_id, number, minutes, author, AFTER)
        assert refused.value.constraint_name == constraint
    await database.execute(raw, public_id, 1, 120, staff.actor, AFTER)
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("UPDATE attendance_correction SET reason = 'y'")


async def test_the_station_corrects_on_a_page_and_the_person_reads_it(shared_db: None) -> None:
    who, staff, public_id = await confirmed()
    with clock.travelled_to(AFTER):
        async with client(staff) as http:
            path = f"/station/sign-ups/{public_id}/record"
            wrong = await http.post(path, data={"outcome": "attended", "people_served": "4", "reason": ""})
            assert wrong.status_code == 422
            body = {
                "outcome": "attended",
                "arrived_at": "",
                "left_at": "",
                "people_served": "5",
                "reason": "记录漏了一位",
            }
            assert (await http.post(path, data=body)).status_code == 303
            assert "第 1 次更正" in (await http.get(path)).text
            api = {"outcome": "attended", "people_served": 6, "reason": "又一位"}
            versions = (await http.post(f"/api/v1/attendance/{public_id}/corrections", json=api)).json()
            assert [version["people_served"] for version in versions] == [4, 5, 6]
        async with client(who) as http:
            page = await http.get(f"/my/assignments/{public_id}/record")
            assert "记录漏了一位" in page.text
            assert "更正</button>" not in page.text
            assert len((await http.get(f"/api/v1/attendance/{public_id}")).json()) == 3
