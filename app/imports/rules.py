"""What a file on its way in is, which states it goes through, and why one is refused as a whole."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from app.core.errors import DomainError
from app.core.text import N_

MOST_BYTES = 10 * 1024 * 1024
"""Below the frame's limit for a request's body, so that the refusal is ours and readable."""
MOST_ROWS = 20_000
AT_ONCE = 1_000
"""A file of so many rows is read while its sender waits; a longer one by a worker, with its progress shown."""


class ImportStatus(StrEnum):
    """How far a file has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    STORING = "storing"
    STORED = "stored"
    DISCARDED = "discarded"


class ImportEvent(StrEnum):
    """What happens to it."""

    REPORT = "report"
    STORE = "store"
    REFUSE = "refuse"
    FINISH = "finish"
    DISCARD = "discard"


TRANSITIONS: dict[tuple[ImportStatus, ImportEvent], ImportStatus] = {
    (ImportStatus.CHECKING, ImportEvent.REPORT): ImportStatus.CHECKED,
    (ImportStatus.CHECKING, ImportEvent.DISCARD): ImportStatus.DISCARDED,
    (ImportStatus.CHECKED, ImportEvent.STORE): ImportStatus.STORING,
    (ImportStatus.CHECKED, ImportEvent.DISCARD): ImportStatus.DISCARDED,
    (ImportStatus.STORING, ImportEvent.REFUSE): ImportStatus.CHECKED,
    (ImportStatus.STORING, ImportEvent.FINISH): ImportStatus.STORED,
    (ImportStatus.STORING, ImportEvent.DISCARD): ImportStatus.DISCARDED,
}

STATUS_NAMES: Mapping[ImportStatus, str] = {
    ImportStatus.CHECKING: N_("正在检查"),
    ImportStatus.CHECKED: N_("等你决定"),
    ImportStatus.STORING: N_("正在写入"),
    ImportStatus.STORED: N_("已导入"),
    ImportStatus.DISCARDED: N_("已放弃"),
}


class FileRefused(DomainError):
    """A file that cannot be read as a table."""

    code, status, message = "file_refused", 422, N_("这个文件读不出表格。请另存为 CSV 或 .xlsx 再传。")


class FileIsEmpty(FileRefused):
    """There is nothing in it, or nothing below its header."""

    code, message = "file_empty", N_("文件里没有数据。第一行写列名，从第二行起每行一条。")


class FileIsTooLarge(FileRefused):
    """It would keep everybody else waiting."""

    code, status, message = "file_too_large", 413, N_("文件超过 %(megabytes)s MB。请分成几个再传。")


class TooManyRows(FileRefused):
    """More rows than one file may hold."""

    code, message = "too_many_rows", N_("一个文件最多 %(most)s 行。请分成几个再传。")


class OldSpreadsheet(FileRefused):
    """A workbook of the format before 2007."""

    code, message = "old_spreadsheet", N_("这是旧的 .xls 文件。请在表格软件里另存为 .xlsx 或 CSV 再传。")


class ColumnsMissing(FileRefused):
    """The header lacks what every row needs."""

    code, message = "columns_missing", N_("第一行缺少这些列：%(missing)s。请用模板，或改列名再传。")


class ColumnTwice(FileRefused):
    """Two columns would mean the same."""

    code, message = "column_twice", N_("“%(column)s”这一列出现了两次，请只留一列。")


class RowsRefused(DomainError):
    """All or none was asked for, and not all are good."""

    code, status, message = (
        "rows_refused",
        409,
        N_("还有 %(bad)s 行有问题，什么都没有写入。改好再传，或只导入没有问题的行。"),
    )


class NothingGood(DomainError):
    """Not one row can be stored."""

    code, status, message = "nothing_good", 409, N_("没有一行可以导入。请按列出的问题改好再传。")


class SheetRow(msgspec.Struct, frozen=True, array_like=True):
    """One row as text, with its number in the spreadsheet and the places of its formulas."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


class Sheet(msgspec.Struct, frozen=True, array_like=True):
    """A table as it was handed in: header and rows, nothing but text."""

    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]
