"""Hours for the national platform: each record once, a correction as a row of its own, no number without a trace."""

import csv
import io
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotPermitted
from app.core.settings import settings
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import outcomes
from tests.volunteers.attendance.test_attendance import AFTER, START
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups.leaving import erase_person
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.hours.exports import queries, rules, service
from volunteers.hours.exports.controllers import file_of
from volunteers.hours.exports.rules import Encoding, PlatformColumn

CARD = "330106199001011228"
DAY = clock.local(START).date()
FIRST, LAST = DAY - timedelta(days=30), DAY + timedelta(days=30)
LATER = AFTER + timedelta(days=1)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def staff(place: str = world.TOWN) -> Principal:
    return await world.officer(Role.STATION_STAFF, place)


async def worked(name: str = "王芳", title: str = "讲座", **changes: object) -> tuple[Principal, UUID]:
    """Return somebody who worked two unpaid hours that the station confirmed."""
    [(_, who)] = await world.people([world.profile(name=name)])
    [shift] = await world.publish(await world.draft(title_zh=title, **changes))
    seat = await sign_up(who, shift.position_ids[0])
    with clock.travelled_to(AFTER):
        await confirm_attendance(await staff(), [Presence(seat, Outcome.ATTENDED)])
    return who, seat


async def with_card(who: Principal) -> None:
    """Seal an identity number as registration does."""
    from app.core import vault

    row = await database.fetch_one("SELECT id, subject_key_id FROM person WHERE account_id = $1", who.actor)
    assert row
    key = await vault.subject_key(row["subject_key_id"])
    sealed = {"id_card_sealed": key.seal(CARD), "id_card_digest": vault.digest(CARD)}
    await database.update_row("person", row["id"], sealed)


async def file(principal: Principal, run: UUID, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    content = (await file_of(principal, run)).content.decode(encoding)
    return list(csv.DictReader(io.StringIO(content)))


@given(st.integers(0, 100_000))
def test_minutes_are_hours_to_the_hundredth(minutes: int) -> None:
    written = rules.hours(minutes)
    assert abs(float(written) * 60 - minutes) <= 0.3 + 1e-6
    assert written.split(".")[1].isdigit()
    assert len(written.split(".")[1]) == 2


def test_columns_are_a_setting_and_a_wrong_name_is_said() -> None:
    assert rules.columns_of("") == tuple(PlatformColumn)
    assert rules.columns_of("hours, name") == (PlatformColumn.HOURS, PlatformColumn.NAME)
    with pytest.raises(ValueError, match="hour"):
        rules.columns_of("hour")
    assert settings().platform_columns == ""


async def test_a_record_is_exported_once_and_a_correction_follows_as_its_own_row(db: None) -> None:
    who, seat = await worked()
    await with_card(who)
    await worked("李强", compensation=Compensation.SUBSIDY)
    officer = await staff()
    with clock.travelled_to(LATER):
        assert await queries.pending(officer, FIRST, LAST) == queries.Pending(1, 0)
        run = await service.export(officer, FIRST, LAST, Encoding.UTF8)
        [row] = await file(officer, run)
        assert (row["姓名"], row["证件类型"], row["证件号码"]) == ("王芳", "居民身份证", "330***********1228")
        assert (row["服务日期"], row["开始时间"], row["结束时间"]) == (DAY.isoformat(), "09:00", "11:00")
        assert (row["服务时长（小时）"], row["记录类型"], row["更正前时长（小时）"]) == ("2.00", "新增", "")
        assert row["确认人"]
        with pytest.raises(rules.NothingToExport):
            await service.export(officer, FIRST, LAST, Encoding.UTF8)
        shorter = Presence(seat, Outcome.ATTENDED, START, START + timedelta(minutes=90))
        await correct(officer, shorter, "早走")
        assert await queries.pending(officer, FIRST, LAST) == queries.Pending(0, 1)
        again = await service.export(officer, FIRST, LAST, Encoding.GB18030)
        [row] = await file(officer, again, "gb18030")
        assert (row["服务时长（小时）"], row["记录类型"], row["更正前时长（小时）"]) == ("1.50", "更正", "2.00")
        await correct(officer, Presence(seat, Outcome.ABSENT), "认错人了")
        gone = await service.export(officer, FIRST, LAST, Encoding.UTF8)
        [row] = await file(officer, gone)
        assert (row["服务时长（小时）"], row["更正前时长（小时）"]) == ("0.00", "1.50")
        assert [(one.new, one.corrections) for one in await queries.runs(officer, None, 9)] == [(0, 1), (0, 1), (1, 0)]


async def test_full_numbers_are_for_who_may_reveal_them_and_each_look_leaves_a_trace(db: None) -> None:
    who, _ = await worked()
    await with_card(who)
    officer, coordinator = await staff(), await world.officer(Role.COORDINATOR)
    with clock.travelled_to(LATER):
        with pytest.raises(NotPermitted):
            await service.export(officer, FIRST, LAST, Encoding.UTF8, full_numbers=True)
        run = await service.export(coordinator, FIRST, LAST, Encoding.UTF8, full_numbers=True)
        with pytest.raises(NotPermitted):
            await file_of(officer, run)
        [row] = await file(coordinator, run)
        assert row["证件号码"] == CARD
        seen = "SELECT count(*) FROM audit_event WHERE action = 'hours.export_read' AND actor_id = $1"
        assert await database.fetch_value(seen, coordinator.actor) == 1
        assert (
            await database.fetch_value(
                "SELECT count(*) FROM audit_event WHERE detail::text LIKE '%' || $1 || '%'", CARD
            )
            == 0
        )
        async with database.transaction():
            await erase_person(coordinator, who.actor)
        [row] = await file(coordinator, run)
        assert (row["姓名"], row["证件类型"], row["证件号码"]) == ("'-", "", "")


async def test_a_station_exports_its_own_records_and_reads_its_own_files(db: None) -> None:
    await worked()
    far = await staff("330127100")
    with clock.travelled_to(LATER):
        with pytest.raises(rules.NothingToExport):
            await service.export(far, FIRST, LAST, Encoding.UTF8)
        run = await service.export(await staff(), FIRST, LAST, Encoding.UTF8)
        with pytest.raises(NotPermitted):
            await file_of(far, run)
        assert await queries.runs(far, None, 9) == []
        for first, last in ((LAST, FIRST), (FIRST, FIRST + timedelta(days=400))):
            with pytest.raises(rules.PeriodTooLong):
                await service.export(far, first, last, Encoding.UTF8)


async def test_no_cell_is_a_formula(db: None) -> None:
    await worked(title='=HYPERLINK("http://x")')
    with clock.travelled_to(LATER):
        officer = await staff()
        [row] = await file(officer, await service.export(officer, FIRST, LAST, Encoding.UTF8))
    assert row["项目名称"].startswith("'=")


async def test_raw_sql_hands_nothing_in_twice_and_nothing_that_the_hours_do_not_say(db: None) -> None:
    await worked()
    officer = await staff()
    with clock.travelled_to(LATER):
        await service.export(officer, FIRST, LAST, Encoding.UTF8)
    again = """INSERT INTO hours_export_row (export_id, attendance_id, number, minutes, minutes_before)
               SELECT export_id, attendance_id, $1, $2, $3 FROM hours_export_row"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(again, 1, 120, 0)
    for number, minutes, before in ((2, 90, 120), (2, 120, 60), (3, 120, 0)):
        with pytest.raises(asyncpg.CheckViolationError, match="hours say"):
            await database.execute(again, number, minutes, before)
    for statement in (
        "UPDATE hours_export_row SET minutes = 1",
        "DELETE FROM hours_export_row",
        "DELETE FROM hours_export",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await database.execute(statement)


async def test_however_many_export_at_once_each_record_is_in_one_file(crowd: None) -> None:
    officer = await staff()
    for number in range(rounds(2, 40)):
        await worked(f"人{number}", starts=START, ends=START + timedelta(hours=2))
        with clock.travelled_to(LATER):
            seen = await outcomes([service.export(officer, FIRST, LAST, Encoding.UTF8) for _ in range(6)])
        assert seen["ok"] == 1
        assert await database.fetch_value("SELECT count(*) FROM hours_export_row") == number + 1


async def test_the_page_and_the_api_make_files_and_hand_them_out(db: None) -> None:
    await worked()
    officer = await staff()
    with clock.travelled_to(LATER):
        async with client(officer) as http:
            page = (await http.get("/station/hours-exports")).text
            assert "还没有人核对过" in page
            assert "写完整的证件号码" not in page
            bad = await http.post(
                "/station/hours-exports", data={"from_day": str(LAST), "until_day": str(FIRST), "encoding": "utf8"}
            )
            assert (bad.status_code, "一次最多一年" in bad.text) == (422, True)
            sent = {"from_day": str(FIRST), "until_day": str(LAST), "encoding": "gb18030"}
            assert (await http.post("/station/hours-exports", data=sent)).status_code == 303
            [run] = (await http.get("/api/v1/hours-exports")).json()["items"]
            assert (run["new"], run["corrections"], run["encoding"]) == (1, 0, "gb18030")
            answer = await http.post(f"/station/hours-exports/{run['id']}/file")
            assert "attachment" in answer.headers["content-disposition"]
            assert "王芳" in answer.content.decode("gb18030")
            again = await http.post("/api/v1/hours-exports", json={**sent, "encoding": "utf8"})
            assert (again.status_code, again.json()["code"]) == (409, "nothing_to_export")
            assert (await http.post(f"/api/v1/hours-exports/{run['id']}/file")).status_code == 200
    assert isinstance(DAY, date)
