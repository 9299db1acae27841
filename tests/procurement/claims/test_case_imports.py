"""An agency's register of closed cases as a file: good rows and bad, one file twice, the wrong file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission
from app.core.errors import NotPermitted
from app.imports import importers, queries
from app.imports import service as imports
from app.imports.queries import ImportView
from app.imports.rules import ColumnsMissing, FileRefused, ImportStatus
from procurement.claims.cases.imports import IMPORTER
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement.closed_cases import Office
from tests.volunteers.assignments.imports.files import report, said

HEADER = (
    "案件类别,机构,案号,承办人证号,区划代码,受理日期,结案日期,等级,调解结果,"
    "提前终止减少的百分比,提前终止的理由,已有材料"
)
LICENCE = "M1"
RECORDED = "这家机构的这个案号、阶段和承办人已经登记过"


@pytest.fixture(autouse=True)
def known() -> None:
    """Let the program know this kind of file, as its composition does."""
    importers.register(IMPORTER)


def day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def mediation(matter: str = "清调1号", **cells: str) -> str:
    """Return a row that could be recorded, unless a cell says otherwise."""
    given = {
        "item": "人民调解", "agency": "清波街道人民调解委员会", "matter": matter, "licence": LICENCE,
        "district": work.DISTRICT, "accepted": day(60), "closed": day(20), "class": "一般", "outcome": "达成书面协议",
        "early": "", "reason": "", "papers": "登记、调解笔录；调解协议书", **cells,
    }  # fmt: skip
    return ",".join(given.values())


def civil(matter: str = "杭上援1号", **cells: str) -> str:
    return mediation(matter, **{"item": "民事法律援助", "class": "", "outcome": "", "papers": "", **cells})


def file(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


async def handed_in(made: Office, content: bytes) -> ImportView:
    return await report(made.recorder, content, "cases")


async def stored(made: Office, content: bytes, *, only_good: bool) -> ImportView:
    """Hand a file in, have it stored, and return how it stands then."""
    view = await handed_in(made, content)
    await imports.store(made.recorder, view.public_id, only_good=only_good)
    return await queries.import_view(made.recorder, view.public_id)


async def matters() -> list[str]:
    return [row["matter"] for row in await database.fetch("SELECT matter FROM closed_case ORDER BY matter")]


async def test_each_bad_row_is_named_by_its_number_with_what_is_wrong(db: None) -> None:
    made = await world.office()
    await world.licensed("P", LICENCE)
    view = await handed_in(
        made,
        file(
            mediation(),
            mediation("2", closed=day(-2)),
            mediation("3", licence="M404"),
            mediation("4", district="999999"),
            mediation("5", item="看风水"),
            mediation("6", accepted="去年"),
            mediation("7", accepted=day(10)),
            mediation("8", outcome=""),
            mediation("9", agency=""),
            civil("10", early="50"),
            civil("11", early="150", reason="撤诉"),
            mediation(licence="m1"),
        ),
    )
    wrong = said(view)
    assert view.good_count == 1
    assert {number: text.split("：")[0] for number, text in wrong.items()} == {
        3: "结案日期", 4: "承办人证号", 5: "区划代码", 6: "案件类别", 7: "受理日期", 8: "受理日期", 9: "调解结果",
        10: "机构", 11: "提前终止的理由", 12: "提前终止减少的百分比", 13: "案号",
    }  # fmt: skip
    assert "不能晚于今天" in wrong[3]
    assert "没有这个编号的已核验证件" in wrong[4]
    assert "你负责的范围里没有这个区划代码" in wrong[5]
    assert "和第 2 行是同一个案件" in wrong[13]
    assert await matters() == []


async def test_none_is_recorded_while_one_row_is_bad_unless_the_good_ones_are_asked_for(db: None) -> None:
    made = await world.office()
    await world.licensed("P", LICENCE)
    content = file(mediation("1"), mediation("2", closed=day(-2)), civil("3", early="50", reason="撤诉"))
    whole = await stored(made, content, only_good=False)
    assert (whole.status, whole.stored_count, await matters()) == (ImportStatus.CHECKED, 0, [])
    part = await stored(made, content, only_good=True)
    assert (part.status, part.stored_count, await matters()) == (ImportStatus.STORED, 2, ["1", "3"])
    row = await database.fetch_one("SELECT early_percent, early_reason_zh, channel FROM closed_case WHERE matter = '3'")
    assert row == {"early_percent": -50, "early_reason_zh": "撤诉", "channel": "file"}
    papers = await database.fetch("SELECT name_zh FROM case_document ORDER BY id")
    assert [paper["name_zh"] for paper in papers] == ["登记", "调解笔录", "调解协议书"]


async def test_a_file_handed_in_again_names_each_row_as_recorded_and_changes_nothing(db: None) -> None:
    made = await world.office()
    await world.licensed("P", LICENCE)
    content = file(mediation("1"), mediation("2"))
    await stored(made, content, only_good=False)
    again = await handed_in(made, content)
    assert sorted(said(again)) == [2, 3]
    assert all(RECORDED in text for text in said(again).values())
    longer = await stored(made, file(mediation("1"), mediation("2"), mediation("3")), only_good=True)
    assert (longer.stored_count, await matters()) == (1, ["1", "2", "3"])


async def test_what_is_recorded_between_looking_and_storing_is_left_out_or_stops_all(db: None) -> None:
    made = await world.office()
    await world.licensed("P", LICENCE)
    content = file(mediation("1"), mediation("2"))
    early = [await handed_in(made, content) for _ in range(2)]
    await stored(made, file(mediation("1")), only_good=False)
    await imports.store(made.recorder, early[0].public_id, only_good=False)
    assert await matters() == ["1"]
    await imports.store(made.recorder, early[1].public_id, only_good=True)
    assert await matters() == ["1", "2"]


async def test_nobody_records_their_own_case_by_a_file(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", LICENCE)
    made.recorder = replace(await world.self_of(person), scopes=made.recorder.scopes)
    wrong = said(await handed_in(made, file(mediation())))
    assert "自己承办的案件" in wrong[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(db: None, encoding: str) -> None:
    made = await world.office()
    await world.licensed("P", LICENCE)
    view = await stored(made, file(mediation("清调〔2026〕㙍号")).decode().encode(encoding), only_good=False)
    assert (view.stored_count, await matters()) == (1, ["清调〔2026〕㙍号"])


async def test_a_file_that_is_no_table_or_lacks_a_column_is_refused_with_what_is_missing(db: None) -> None:
    made = await world.office()
    with pytest.raises(FileRefused):
        await handed_in(made, b"\xff\x81\x00\xff")
    without = HEADER.replace("承办人证号", "备注")
    with pytest.raises(ColumnsMissing, match="承办人证号"):
        await handed_in(made, file(mediation(), header=without))
    with pytest.raises(NotPermitted):
        await report(await work.officer("other", Permission.CLAIM_APPROVE), file(mediation()), "cases")
