"""Files as people make them: every usual encoding, sign, date and spreadsheet is read; what is no table is refused."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.access import Permission
from app.core.text import Message
from app.imports import importers, reading, rules
from app.imports.cells import Cells, Column, as_day, as_moment, as_time
from app.imports.reading import read_sheet
from app.imports.rules import SheetRow
from app.imports.writing import written

HEADER, ROW = "任务名称,日期", "值班，上午,2026-11-30"


def workbook(*rows: list[object]) -> bytes:
    """Return a workbook with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_encoding_is_read(encoding: str, end: str) -> None:
    sheet = read_sheet(end.join((HEADER, ROW, "")).encode(encoding))
    assert (sheet.header, sheet.rows) == (
        ("任务名称", "日期"),
        (SheetRow(2, ("值班，上午", "2026-11-30")),),
    )


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_other_signs_between_columns_are_found_out(sign: str) -> None:
    assert read_sheet(f"a{sign}b\n1{sign}2".encode()).rows == (SheetRow(2, ("1", "2")),)


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    sheet = read_sheet(b'\n a ,b\n\n"x\ny",1\n,\nz,2\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [(4, ("x\ny", "1")), (6, ("z", "2"))]
    assert sheet.header == ("a", "b")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", rules.FileIsEmpty),
        (b" \r\n ", rules.FileIsEmpty),
        ("任务名称,日期\n".encode(), rules.FileIsEmpty),
        (b"\xd0\xcf\x11\xe0 old", rules.OldSpreadsheet),
        (b"PK\x03\x04 no archive", rules.FileRefused),
        (b"a,b\x00c\n1,2\n", rules.FileRefused),
        (b"\xff\x00\xff\xff\xfe,\x80", rules.FileRefused),
        (b"x" * (rules.MOST_BYTES + 1), rules.FileIsTooLarge),
        (b"a\n" + b"1\n" * (rules.MOST_ROWS + 1), rules.TooManyRows),
        (b'a\n"' + b"x" * 200_000 + b'"', rules.FileRefused),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as told:
        read_sheet(content)
    assert type(told.value) is refusal


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1_001)
    with pytest.raises(rules.FileIsTooLarge):
        read_sheet(packed.getvalue())


def test_a_workbook_gives_what_a_person_would_have_typed() -> None:
    sheet = read_sheet(
        workbook(
            ["标题", "a", "b", "c", "d"],
            ["x", datetime(2026, 11, 30, 9, tzinfo=UTC).replace(tzinfo=None), date(2026, 11, 30), time(9, 5), 3.0],
        )
    )
    assert sheet.rows == (SheetRow(2, ("x", "2026-11-30 09:00", "2026-11-30", "09:05", "3")),)


def test_a_formula_is_kept_as_one_and_refused_in_its_cell() -> None:
    row = read_sheet(workbook(["title", "n"], ["=1+1", 2])).rows[0]
    assert row.formulas == (0,)
    cells = Cells(row, {"title": 0}, {"title": Column("title", "标题")})
    assert cells.text("title") == ""
    assert "公式" in str(cells.faults[0].values["problem"])


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z"))), min_size=1, max_size=4))
def test_what_we_write_is_run_by_no_spreadsheet_and_read_back_as_it_was(texts: list[str]) -> None:
    texts = ["x", *texts]
    for file_format in ("csv", "xlsx"):
        content = written(file_format, [f"h{n}" for n in range(len(texts))], [texts])  # type: ignore[arg-type]
        plain = [text[1:] if text.startswith("'") and text[1:].startswith(reading.FORMULA_STARTS) else text
                 for text in texts]  # fmt: skip
        assert list(read_sheet(content).rows[0].cells) == plain


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formulas_are_neutralised_on_the_way_out(start: str) -> None:
    text = written("csv", ["a"], [[f"{start}SUM(A1)"]]).decode("utf-8-sig").splitlines()[1]
    assert text == f"'{start}SUM(A1)"
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", ["a"], [[f"{start}SUM(A1)"]]))).active
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(
    "text",
    ["2026-11-30", "2026/11/30", "2026.11.30", "20261130", "2026年11月30日", "2026 年 11 月 30 号", "46356",
     "2026-11-30 00:00"],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert as_day(text) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["30/11/2026", "11-30", "2026-13-01", "2026-02-30", "next week", "12345", "1"])
def test_a_date_that_could_be_another_is_not_guessed(text: str) -> None:
    assert as_day(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, time(9))
            for text in ("9:00", "09:00", "09：00", "0900", "9点", "上午9点", "9 am", "09:00:00", "9:00 AM")
        ),
        *((text, time(14, 30)) for text in ("14:30", "下午2点30分", "2:30 pm", "2026-11-30 14:30")),
        *((text, None) for text in ("25:00", "9", "morning", "12:61")),
        ("12 am", time(0)),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, expected: time | None) -> None:
    assert as_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, "2026-11-28T09:00:00+08:00")
            for text in ("2026-11-28 09:00", "2026/11/28 9点", "2026年11月28日上午9点")
        ),
        ("2026-11-28", "2026-11-28T00:00:00+08:00"),
        *((text, None) for text in ("09:00", "46354", "2026-11-28 early", "2026-02-30 09:00", "")),
    ],
)
def test_a_moment_is_a_date_with_a_time_and_a_date_alone_its_midnight(text: str, expected: str | None) -> None:
    read = as_moment(text)
    assert (read and clock.local(read).isoformat()) == expected


async def _nothing(*_: object) -> dict[int, Message]:
    return {}


SEATS = importers.Importer(
    kind="seats",
    title="",
    lede="",
    permission=Permission.ASSIGNMENT_PUBLISH,
    columns=(
        Column("role_zh", "岗位", required=True),
        Column("reference", "任务编号", required=True),
        Column("n", "人数"),
    ),
    check=_nothing,
    store=_nothing,
    done="/",
)


@pytest.mark.parametrize(
    "names", [("岗位（必填）", "Reference"), ("role_zh", "*任务编号 "), ("role zh", "任务 编号：")]
)
def test_a_header_may_be_chinese_english_or_a_code_and_decorated(names: tuple[str, ...]) -> None:
    sheet = rules.Sheet(("天气", *names), (SheetRow(2, ("fine", "lawyer", "RW-1")),))
    places = importers.rows_of(SEATS, sheet)[0].places
    assert places == {"role_zh": 1, "reference": 2}
    assert importers.unused(SEATS, sheet.header) == ["天气"]


def test_a_header_that_lacks_a_column_or_has_one_twice_is_refused_by_name() -> None:
    with pytest.raises(rules.ColumnsMissing) as missing:
        importers.rows_of(SEATS, rules.Sheet(("任务编号", "人数"), ()))
    assert missing.value.values["missing"] == Message("岗位")
    with pytest.raises(rules.ColumnTwice):
        importers.rows_of(SEATS, rules.Sheet(("任务编号", "reference", "岗位"), ()))


def test_the_ways_a_file_can_go() -> None:
    ends = {rules.ImportStatus.STORED, rules.ImportStatus.DISCARDED}
    assert {status for status, _ in rules.TRANSITIONS} == set(rules.ImportStatus) - ends
    assert set(rules.TRANSITIONS.values()) | {rules.ImportStatus.CHECKING} == set(rules.ImportStatus)
