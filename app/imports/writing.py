"""From rows to a file that spreadsheet programs open, with nothing in it that they would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Literal

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.core import clock
from app.imports.reading import FORMULA_STARTS

FileFormat = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARK = "\ufeff"
"""Without it a Chinese spreadsheet program reads UTF-8 as GB18030."""
Rows = Iterable[Sequence[Any]]


def written(file_format: FileFormat, header: Sequence[str], rows: Rows) -> bytes:
    """Return a table as a file; slow for long ones, so call it in a thread."""
    return _workbook(header, rows) if file_format == "xlsx" else _text(header, rows)


def _text(header: Sequence[str], rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(_shown(value)) for value in row] for row in rows)
    return (MARK + text.getvalue()).encode()


def _workbook(header: Sequence[str], rows: Rows) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in ([*header], *rows):
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell that is a number, or else text whatever it begins with."""
    if isinstance(value, int) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", harmless(_shown(value))))
    cell.data_type = "s"
    return cell


def harmless(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula; our own reader takes the mark off again."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
