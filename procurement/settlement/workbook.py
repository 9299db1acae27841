"""A workbook whose bytes depend on nothing but what stands in it: no moment of writing, no program's mark of time."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.imports.writing import harmless

EPOCH = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
NO_CORE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, its header, its rows of texts, whole numbers and decimals."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


def workbook(tables: Sequence[Table]) -> bytes:
    """Return the tables as sheets of one file; slow for long ones, so call it in a thread."""
    book = openpyxl.Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for row in (table.header, *table.rows):
            sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return _timeless(written)


def _cell(sheet: Any, value: Any) -> Any:
    """Return a number as a number, anything else as text whatever it begins with: account numbers keep their zeros."""
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "0.00" if value.as_tuple().exponent else "0"
        return cell
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", harmless(str(value))))
    cell.data_type = "s"
    return cell


def _timeless(written: io.BytesIO) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as anew:
        for part in made.infolist():
            content = NO_CORE.encode() if part.filename == CORE else made.read(part)
            anew.writestr(zipfile.ZipInfo(part.filename, EPOCH), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
