"""Assignments from files: every bad row is named, nothing is half done, and what was stored is what was meant."""

import io
from datetime import time, timedelta

import openpyxl
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.imports import jobs, queries, rules, service
from app.imports.queries import ImportView
from app.imports.rules import ImportStatus
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import DAY, HEADER, file, handed_in, report, row, said
from tests.volunteers.assignments.test_pages import got, sent
from tests.volunteers.people.trainings.stage import a_training


@pytest.fixture
async def staff(db: None) -> Principal:
    """Return the staff of a station, the only one of its town."""
    compose()
    await world.station()
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def stored() -> list[str]:
    """Return the titles of all assignments."""
    return [found["title_zh"] for found in await database.fetch("SELECT title_zh FROM assignment ORDER BY id")]


async def test_good_rows_become_assignments_with_their_seats(staff: Principal) -> None:
    content = file(
        row(1, group="a", kind="驻点值班", role="律师", credentials="律师执业证、人民调解员证"),
        row(1, group="a", kind="", role="引导员", capacity="5人", minimum="0"),
        row(2, start="下午2点", end="16:30", draft="是"),
    )
    view = await report(staff, content)
    assert (said(view), view.good_count, view.status) == ({}, 3, ImportStatus.CHECKED)
    assert await stored() == []
    await service.store(staff, view.public_id, only_good=False)
    view = await queries.import_view(staff, view.public_id)
    assert (view.status, view.stored_count) == (ImportStatus.STORED, 3)
    rows = await database.fetch(
        """SELECT a.title_zh, a.status, a.starts, array_agg((p.role_zh, p.capacity, p.minimum, p.credentials_any)
           ORDER BY p.number) AS seats FROM assignment a JOIN position p ON p.assignment_id = a.id
           GROUP BY a.id ORDER BY a.id"""
    )
    assert [(r["title_zh"], r["status"]) for r in rows] == [("讲座 1", "open"), ("讲座 2", "draft")]
    assert rows[0]["seats"] == [("律师", 2, 1, ["lawyer", "mediator"]), ("引导员", 5, 0, [])]
    assert clock.local(rows[1]["starts"]).time().isoformat() == "14:00:00"


async def test_rows_say_which_trainings_a_seat_asks_for_and_until_when_regulars_come_first(staff: Principal) -> None:
    station = await database.fetch_value("SELECT id FROM station ORDER BY id DESC LIMIT 1")
    first, second = await a_training(staff, station), await a_training(staff, station, title_zh="急救")
    header = f"{HEADER},常来的人先报到,需要的培训"
    until = f"{DAY - timedelta(days=1)} 09:00"
    rows = [
        row(1, until=until, trainings=f"{first.lower()}；{second}、{first}"),
        row(2, until="", trainings=""),
        row(3, until=f"{DAY + timedelta(days=3)} 09:00", trainings=""),
        row(4, until="很快", trainings="PX-1999-000001"),
    ]
    view = await report(staff, file(*rows, header=header))
    told = said(view)
    assert list(told) == [4, 5]
    assert "要在任务开始前结束" in told[4]
    assert "写成 2026-11-30 09:00 的样子" in told[5]
    assert "没有编号是 PX-1999-000001 的培训" in told[5]
    await service.store(staff, view.public_id, only_good=True)
    found = await database.fetch(
        """SELECT a.regulars_until, p.trainings_all FROM assignment a JOIN position p ON p.assignment_id = a.id
           ORDER BY a.id"""
    )
    opens = clock.at_local(DAY - timedelta(days=1), time(9))
    assert [(one["regulars_until"], one["trainings_all"]) for one in found] == [(opens, [first, second]), (None, [])]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, ""),
        ({"kind": "吃饭"}, "没有“吃饭”这一项"),
        ({"kind": "驻点值班"}, "写明所需证件"),
        ({"date": "明天"}, "看不懂这个日期"),
        ({"date": "2020-01-01"}, "开始时间已过"),
        ({"start": "早上"}, "看不懂这个时间"),
        ({"end": "08:00"}, "结束时间要晚于开始时间"),
        ({"end": "23:30"}, "最长 12 小时"),
        ({"pay": ""}, "请填写这一格"),
        ({"pay": "很多"}, "可以填：无偿、误餐交通补助、有补贴"),
        ({"role": ""}, "岗位：请填写这一格"),
        ({"capacity": "0"}, "1 到 200"),
        ({"capacity": "3", "minimum": "4"}, "0 到 3"),
        ({"credentials": "驾照"}, "没有“驾照”这一项"),
        ({"station": "别的站点"}, "没有叫这个名字的"),
        ({"draft": "也许"}, "请填“是”或“否”"),
    ],
)
async def test_a_bad_cell_says_what_to_do(staff: Principal, wrong: dict[str, str], told: str) -> None:
    found = said(await report(staff, file(row(5), row(6, **wrong))))  # type: ignore[arg-type]
    assert list(found) == ([3] if told else [])
    assert told in found.get(3, "")


async def test_rows_that_say_the_same_twice_or_what_is_there_are_named(staff: Principal) -> None:
    view = await report(staff, file(row(1), row(2), row(1)))
    assert said(view) == {4: "和第 2 行重复，删掉一行。"}
    await service.store(staff, view.public_id, only_good=True)
    again = said(await report(staff, file(row(1), row(3))))
    assert list(again) == [2]
    assert "已经有同样的任务 RW-" in again[2]


async def test_one_bad_seat_keeps_its_whole_assignment_out(staff: Principal) -> None:
    view = await report(staff, file(row(1, group="7"), row(1, group="7", role="x", capacity="no"), row(2)))
    assert said(view)[2] == "同一个任务的第 3 行有问题，先改那一行。"
    assert list(said(view)) == [2, 3]
    await service.store(staff, view.public_id, only_good=True)
    assert await stored() == ["讲座 2"]


async def test_all_or_none_writes_nothing_while_a_row_is_bad(staff: Principal) -> None:
    view = await report(staff, file(row(1), row(2, date="?"), row(3)))
    await service.store(staff, view.public_id, only_good=False)
    view = await queries.import_view(staff, view.public_id)
    assert (view.status, view.stored_count, list(said(view))) == (ImportStatus.CHECKED, 0, [3])
    assert "什么都没有写入" in str(view.refusal)
    assert await stored() == []
    await service.store(staff, view.public_id, only_good=True)
    assert await stored() == ["讲座 1", "讲座 3"]
    with pytest.raises(TransitionRefused):
        await service.store(staff, view.public_id, only_good=True)
    assert len(await stored()) == 2


async def test_what_was_good_yesterday_is_checked_again_today(staff: Principal) -> None:
    view = await report(staff, file(row(1), row(2)))
    with clock.travelled_to(clock.at_local(DAY + timedelta(days=1), world.time(12))):
        await service.store(staff, view.public_id, only_good=True)
        view = await queries.import_view(staff, view.public_id)
    assert view.refusal is None
    assert (view.stored_count, list(said(view))) == (1, [2])


async def test_ten_thousand_rows_with_thirty_seven_bad_ones(staff: Principal) -> None:
    bad = set(range(100, 10_000, 270))
    assert len(bad) == 37
    lines = [row(n, title=f"场次{n}", **({"date": "13 月"} if n in bad else {})) for n in range(10_000)]
    public_id = await handed_in(staff, file(*lines))
    assert (await queries.import_view(staff, public_id)).working
    await jobs.work_on_imports(clock.now())
    view = await queries.import_view(staff, public_id)
    assert set(said(view)) == {n + 2 for n in bad}
    await service.store(staff, public_id, only_good=False)
    await jobs.work_on_imports(clock.now())
    assert await stored() == []
    await service.store(staff, public_id, only_good=True)
    await jobs.work_on_imports(clock.now())
    await jobs.work_on_imports(clock.now())
    assert (await queries.import_view(staff, public_id)).stored_count == len(await stored()) == 9_963


async def test_the_pages_show_the_report_and_hand_out_the_bad_rows_to_mend(staff: Principal) -> None:
    new = await got(staff, "/imports/new/assignments")
    assert "任务名称" in new.text
    template = await got(staff, "/imports/template/assignments?format=csv")
    assert template.text.startswith("\ufeff任务序号,任务名称")
    answer = await uploaded(staff, file(row(1), row(2, kind="=1+1")))
    shown = await got(staff, answer)
    assert "第 3 行" in shown.text
    assert "只导入没有问题的 1 行" in shown.text
    bad = openpyxl.load_workbook(io.BytesIO((await got(staff, f"{answer}/bad-rows")).content)).active
    assert (bad.max_row, bad["C2"].value) == (2, "'=1+1")
    assert (await sent(staff, f"{answer}/store", rows="good")).status_code == 303
    assert "写入了 1 行" in (await got(staff, answer)).text


async def uploaded(principal: Principal, content: bytes) -> str:
    """Upload a file through the page and return where it leads."""
    from tests.app.web.client import client

    async with client(principal) as http:
        answer = await http.post("/imports/new/assignments", files={"file": ("任务.csv", content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"", 422, "文件里没有数据"),
        (b"name,age\n1,2\n", 422, "第一行缺少这些列"),
        (HEADER.encode("gb18030"), 422, "文件里没有数据"),
        (b"x" * (rules.MOST_BYTES + 1), 413, "超过 10 MB"),
        (b"x" * (100 * 1024 * 1024), 413, "缩小文件"),
    ],
)
async def test_a_hopeless_file_gets_a_clear_answer(staff: Principal, content: bytes, status: int, told: str) -> None:
    from tests.app.web.client import client

    async with client(staff) as http:
        answer = await http.post("/imports/new/assignments", files={"file": ("list.csv", content)})
    assert answer.status_code == status
    assert told in answer.text
    assert "Traceback" not in answer.text


async def test_a_file_in_gb18030_reads_like_any_other(staff: Principal) -> None:
    view = await report(staff, file(row(1), row(2)).decode().encode("gb18030"))
    assert (said(view), view.good_count) == ({}, 2)


async def test_a_file_is_its_senders_alone_and_forgotten_after_a_day(staff: Principal) -> None:
    view = await report(staff, file(row(1)))
    colleague = await world.officer(Role.STATION_STAFF, world.TOWN)
    with pytest.raises(NotFound):
        await queries.import_view(colleague, view.public_id)
    with pytest.raises(NotFound):
        await service.store(colleague, view.public_id, only_good=True)
    [(_, volunteer)] = await world.volunteers(1)
    with pytest.raises(NotPermitted):
        await handed_in(volunteer, file(row(1)))
    with clock.travelled_to(clock.now() + timedelta(hours=25)):
        await jobs.work_on_imports(clock.now())
        gone: ImportView = await queries.import_view(staff, view.public_id)
    assert (gone.status, gone.kept) == (ImportStatus.DISCARDED, False)
    kept = await database.fetch_one(
        """SELECT i.sheet_sealed, k.sealed_key FROM file_import i JOIN subject_key k ON k.id = i.subject_key_id"""
    )
    assert kept == {"sheet_sealed": None, "sealed_key": None}


async def test_raw_sql_stores_no_file_twice(staff: Principal) -> None:
    view = await report(staff, file(row(1)))
    await service.store(staff, view.public_id, only_good=False)
    with pytest.raises(Exception, match="is finished"):
        await database.execute("UPDATE file_import SET status = 'checked', finished_at = NULL, stored_count = 0")
