"""From the bytes of a CSV or XLSX file to a table of text, whatever program wrote it.

Chinese spreadsheet programs write GB18030 or UTF-8 with a mark; both are read. A formula is kept as a formula, so
that the row can say so: its value is only what some program last made of it.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

from app.imports.rules import (
    MOST_BYTES,
    MOST_ROWS,
    FileIsEmpty,
    FileIsTooLarge,
    FileRefused,
    OldSpreadsheet,
    Sheet,
    SheetRow,
    TooManyRows,
)

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = (",", "\t", ";", "，")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_UNPACKED = 256 * 1024 * 1024
MOST_COLUMNS = 100
BLANK_ENOUGH = 1_000
"""Formatted but empty rows below the data: nobody leaves so many between two."""
Line = tuple[int, list[str], tuple[int, ...]]


def read_sheet(content: bytes) -> Sheet:
    """Return the table in a file, or refuse with what to do; slow for long files, so call it in a thread."""
    if len(content) > MOST_BYTES:
        raise FileIsTooLarge(megabytes=MOST_BYTES // 1024 // 1024)
    if not content.strip():
        raise FileIsEmpty
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldSpreadsheet
    return _sheet(_workbook_lines(content) if content.startswith(b"PK\x03\x04") else _text_lines(content))


def _sheet(lines: Iterator[Line]) -> Sheet:
    header: tuple[str, ...] | None = None
    rows: list[SheetRow] = []
    for number, cells, formulas in lines:
        if not any(cells):
            continue
        if header is None:
            header = _without_blank_end(cells)
        elif len(rows) == MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        else:
            rows.append(SheetRow(number, tuple(cells[: len(header)]), formulas))
    if header is None or not rows:
        raise FileIsEmpty
    return Sheet(header, tuple(rows))


def _without_blank_end(names: list[str]) -> tuple[str, ...]:
    last = max(place for place, name in enumerate(names) if name)
    return tuple(names[: last + 1])


def _text_lines(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            yield number, [_plain(cell) for cell in cells[:MOST_COLUMNS]], ()
    except csv.Error:
        raise FileRefused from None


def _decoded(content: bytes) -> str:
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), "")
    if not marked and b"\x00" in content:
        raise FileRefused
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused


def _workbook_lines(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise FileIsTooLarge(megabytes=MOST_BYTES // 1024 // 1024)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        yield from _cells_of(book.worksheets[0])
    except FileRefused:
        raise
    except Exception:  # the library fails in many ways on a damaged or foreign archive; all mean the same here
        raise FileRefused from None


def _cells_of(worksheet: Any) -> Iterator[Line]:
    blank = 0
    rows: Iterable[Any] = worksheet.iter_rows()
    for number, whole in enumerate(rows, start=1):
        row = whole[:MOST_COLUMNS]
        cells = [_plain(_written(cell.value)) for cell in row]
        formulas = tuple(place for place, cell in enumerate(row) if getattr(cell, "data_type", "") == "f")
        blank = 0 if any(cells) else blank + 1
        if blank > BLANK_ENOUGH:
            return
        yield number, cells, formulas


def _written(value: Any) -> str:
    """Write a spreadsheet's value as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time.min else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(text: str) -> str:
    """Take a cell's text without blanks around it, and without the mark that our own files put before a formula."""
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip(" \u3000\t\r\n\ufeff")
    return kept[1:] if kept.startswith("'") and kept[1:].startswith(FORMULA_STARTS) else kept
