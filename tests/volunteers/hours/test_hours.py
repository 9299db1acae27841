"""Hours are a chain: credited by the station's word, corrected by further entries, never edited, checked by anybody."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database, embedded
from app.core.access import Grant, Principal, Role, scopes_of
from app.core.database import transaction
from app.core.errors import DomainError, NotFound, NotPermitted
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.attendance.test_attendance import AFTER
from tests.volunteers.hours.stage import worked
from volunteers.assignments.call_outs.endings.queries import ending
from volunteers.assignments.rules import Compensation
from volunteers.attendance.queries import my_hours as shown_hours
from volunteers.attendance.rules import Outcome
from volunteers.hours.queries import my_hours, verify_chains
from volunteers.hours.rules import (
    GENESIS,
    Fault,
    HoursImplausible,
    Link,
    NotCredited,
    OwnHours,
    ReasonMissing,
    entry_sha256,
    first_breaks,
)
from volunteers.hours.service import correct_hours

RAW = """INSERT INTO hours_entry (attendance_id, person_id, kind, minutes, reason, recorded_by, credited_at)
         SELECT t.id, s.person_id, $2, $3, $4, $5, now() FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id
         WHERE t.id = $1"""


async def corrected(staff: Principal, attendance: int, minutes: int, reason: str = "签退晚了") -> int | None:
    async with transaction():
        return await correct_hours(staff, attendance, minutes, reason)


async def test_confirmed_work_is_one_entry_and_a_correction_is_another(db: None) -> None:
    [(who, sign_up, attendance)] = await worked()
    staff = await world.officer(Role.STATION_STAFF)
    assert await corrected(staff, attendance, 90) is not None
    assert await corrected(staff, attendance, 90, "再说一次") is None
    assert await corrected(staff, attendance, 150) is not None
    with clock.travelled_to(AFTER):
        found = await my_hours(who, None, 10)
        page = await shown_hours(who)
        card = await ending(who, sign_up)
    assert [(entry.number, entry.kind, entry.minutes) for entry in found.entries] == [
        (3, "correction", 60), (2, "correction", -30), (1, "credit", 120),
    ]  # fmt: skip
    assert (found.minutes, found.services, found.years) == (150, 1, {clock.local(world.MONDAY).year: 150})
    assert (page.minutes, page.attendances, card.credited) == (150, 1, 150)
    report = await verify_chains()
    assert (report.entries, report.people, report.sound) == (3, 1, True)


async def test_hours_are_put_right_by_a_second_party_of_the_place_with_a_reason_and_within_the_shift(db: None) -> None:
    [(who, _, attendance)] = await worked()
    [(_, _, missed)] = await worked(outcome=Outcome.ABSENT)
    [(_, _, paid)] = await worked(compensation=Compensation.SUBSIDY)
    staff, stranger = await world.officer(Role.STATION_STAFF), await world.officer(Role.STATION_STAFF, "330102")
    grants = (Grant(Role.VOLUNTEER), Grant(Role.STATION_STAFF, world.CITY))
    both = Principal(account_id=who.actor, kind="session", scopes=scopes_of(grants, world.role_map()))
    for principal, whose, minutes, reason, refusal in [
        (both, attendance, 150, "own", OwnHours),
        (stranger, attendance, 150, "elsewhere", NotPermitted),
        (who, attendance, 150, "no permission", NotPermitted),
        (staff, attendance, 150, "  ", ReasonMissing),
        (staff, attendance, -1, "less than nothing", HoursImplausible),
        (staff, attendance, 361, "longer than anybody was there", HoursImplausible),
        (staff, missed, 120, "did not come", NotCredited),
        (staff, 999_999, 120, "nobody", NotFound),
    ]:
        with pytest.raises(refusal):
            await corrected(principal, whose, minutes, reason)
    assert await corrected(staff, paid, 120) is None
    assert await database.fetch_value("SELECT count(*) FROM hours_entry") == 1


async def test_raw_sql_gets_round_none_of_it(db: None) -> None:
    [(who, _, attendance)] = await worked()
    [(_, _, missed)] = await worked(outcome=Outcome.ABSENT)
    [(_, _, paid)] = await worked(compensation=Compensation.SUBSIDY)
    staff = (await world.officer(Role.STATION_STAFF)).actor
    for values, constraint in [
        ((attendance, "credit", 120, "", staff), "hours_entry_credit_once"),
        ((attendance, "correction", 10, "", staff), "hours_entry_says_why"),
        ((attendance, "correction", 10, "mine", who.actor), "hours_second_party"),
        ((attendance, "correction", 600, "long", staff), "hours_plausible"),
        ((attendance, "correction", -121, "less than nothing", staff), "hours_plausible"),
        ((missed, "correction", 60, "absent", staff), "hours_for_unpaid_work"),
        ((missed, "credit", 60, "", staff), "hours_for_unpaid_work"),
        ((paid, "credit", 120, "", staff), "hours_for_unpaid_work"),
        ((paid, "correction", 120, "paid", staff), "hours_for_unpaid_work"),
    ]:
        with pytest.raises(asyncpg.PostgresError) as violation:
            await database.execute(RAW, *values)
        assert getattr(violation.value, "constraint_name", "") == constraint, values
    for change in (
        "UPDATE hours_entry SET minutes = 600",
        "UPDATE hours_entry SET entry_sha256 = previous_sha256",
        "DELETE FROM hours_entry",
        "TRUNCATE hours_entry CASCADE",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await database.execute(change)


async def test_the_link_is_the_databases_own_work_whatever_a_writer_says_of_it(db: None) -> None:
    [(_, _, attendance)] = await worked()
    await database.execute(
        """INSERT INTO hours_entry (attendance_id, person_id, kind, minutes, reason, recorded_by, credited_at, number,
                                    previous_sha256, entry_sha256)
           SELECT t.id, s.person_id, 'correction', -10, 'raw', $2, now(), 77, $3, $3
           FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id WHERE t.id = $1""",
        *(attendance, (await world.officer(Role.STATION_STAFF)).actor, bytes(32)),
    )
    assert (await verify_chains()).sound


async def test_a_changed_or_missing_entry_is_named_by_the_check(db: None, database_name: str) -> None:
    [(_, _, first), (_, _, second), (_, _, third)] = await worked(3)
    staff = await world.officer(Role.STATION_STAFF)
    for attendance in (first, second, third):
        await corrected(staff, attendance, 100)
    rows = await database.fetch("SELECT DISTINCT person_id FROM hours_entry ORDER BY person_id")
    people = [row["person_id"] for row in rows]
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, database_name))
    await owner.execute("ALTER TABLE hours_entry DISABLE TRIGGER ALL; ALTER TABLE attendance DISABLE TRIGGER ALL")
    await owner.execute("UPDATE hours_entry SET minutes = -1 WHERE person_id = $1 AND number = 2", people[0])
    await owner.execute(
        "UPDATE attendance SET confirmed_by = $2 WHERE id = $1", *(second, (await world.accounts(1))[0])
    )
    await owner.execute("DELETE FROM hours_entry WHERE person_id = $1", people[2])
    await owner.execute("ALTER TABLE hours_entry ENABLE TRIGGER ALL; ALTER TABLE attendance ENABLE TRIGGER ALL")
    await owner.close()
    found = {(fault.person_id, fault.number): fault.fault for fault in (await verify_chains()).breaks}
    assert found == {
        (people[0], 2): Fault.CHANGED, (people[1], 1): Fault.CHANGED, (people[2], 1): Fault.NOT_CREDITED,
    }  # fmt: skip


async def test_corrections_made_at_once_follow_one_another_in_one_chain(db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF)
    for _ in range(rounds(3, 100)):
        shifts = await worked(6)
        wanted = [(attendance, 60 + step) for step in range(4) for _, _, attendance in shifts]

        async def one(attendance: int, minutes: int) -> None:
            await corrected(staff, attendance, minutes)

        await asyncio.gather(*(one(*each) for each in wanted))
    report = await verify_chains()
    assert report.sound
    assert report.entries > report.people


def link(number: int, minutes: int, previous: bytes, **changes: object) -> Link:
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)
    made = Link(
        *(
            number,
            1,
            number,
            "credit",
            number,
            minutes,
            9,
            at,
            number,
            "attended",
            at,
            at,
            minutes,
            9,
            at,
            "",
            previous,
        ),
        b"",
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    return replace(made, entry_sha256=entry_sha256(made))


def chain(minutes: list[int]) -> list[Link]:
    made: list[Link] = []
    for number, each in enumerate(minutes, start=1):
        made.append(link(number, each, made[-1].entry_sha256 if made else GENESIS))
    return made


@given(st.lists(st.integers(1, 600), min_size=1, max_size=12), st.data())
def test_no_change_of_a_chain_goes_unseen_but_cutting_its_end(minutes: list[int], data: st.DataObject) -> None:
    whole = chain(minutes)
    assert first_breaks(whole) == []
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = [*whole]
    changed[at] = replace(whole[at], minutes=whole[at].minutes + data.draw(st.integers(1, 9)))
    assert [(found.number, found.fault) for found in first_breaks(changed)] == [(at + 1, Fault.CHANGED)]
    rehashed = [*whole]
    rehashed[at] = link(at + 1, minutes[at] + 1, whole[at].previous_sha256)
    found = first_breaks(rehashed)
    assert [(each.number, each.fault) for each in found] == (
        [(at + 2, Fault.BROKEN_LINK)] if at + 1 < len(whole) else []
    )
    if at + 1 < len(whole):
        assert first_breaks(whole[:at] + whole[at + 1 :])[0].fault is Fault.GAP


async def test_the_page_and_the_api_show_each_entry_with_its_proof_and_the_empty_page_says_what_to_do(db: None) -> None:
    [(who, _, attendance)] = await worked()
    [(_, newcomer)] = await world.volunteers(1)
    await corrected(await world.officer(Role.STATION_STAFF), attendance, 90)
    async with client(who) as http:
        page = (await http.get("/my/hours")).text
        body = (await http.get("/api/v1/hours")).json()
    assert {said for said in ("更正：签退晚了", "−30 分钟", "第 1 笔") if said not in page} == set()
    assert (body["minutes"], body["services"], [entry["minutes"] for entry in body["entries"]]) == (90, 1, [-30, 120])
    stored = await database.fetch_value("SELECT entry_sha256 FROM hours_entry WHERE kind = 'credit'")
    assert body["entries"][1]["sha256"] == stored.hex()
    assert stored.hex()[:12] in page
    async with client(newcomer) as http:
        page = (await http.get("/my/hours")).text
    assert {said for said in ("还没有时长", "/assignments?eligible=on") if said not in page} == set()


def test_every_refusal_about_hours_says_what_to_do() -> None:
    for refusal in (OwnHours, ReasonMissing, HoursImplausible, NotCredited):
        assert issubclass(refusal, DomainError)
        assert refusal.message.endswith("。")


def test_the_command_is_there() -> None:
    from app.cli import main

    assert "Exit 1 on a fault" in CliRunner().invoke(main, ["hours", "verify", "--help"]).output
