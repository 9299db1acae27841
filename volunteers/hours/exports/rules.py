"""Which columns the file for the national volunteer platform has, and how a line is written.

Records are kept truthfully, accurately and completely (志愿服务记录与证明出具办法（试行）, 民政部令第67号, art. 3). The
platform's own import template is not public: which columns it takes in which order is our assumption, a setting
(FAHUI_PLATFORM_COLUMNS), verified by nobody so far.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

MOST_DAYS = 366
MOST_ROWS = 20_000


class Encoding(StrEnum):
    """How the file is written; older spreadsheet programs in China read GB18030."""

    GB18030 = "gb18030"
    UTF8 = "utf8"


ENCODING_NAMES: Mapping[Encoding, str] = {
    Encoding.GB18030: N_("GB18030（老版本表格软件）"),
    Encoding.UTF8: N_("UTF-8（带 BOM）"),
}


class PlatformColumn(StrEnum):
    """A column that the file may have."""

    NAME = "name"
    ID_TYPE = "id_type"
    ID_NUMBER = "id_number"
    PROJECT = "project"
    REFERENCE = "reference"
    DATE = "date"
    FROM = "from"
    UNTIL = "until"
    HOURS = "hours"
    PLACE = "place"
    ORGANIZER = "organizer"
    CONFIRMER = "confirmer"
    KIND = "kind"
    HOURS_BEFORE = "hours_before"


COLUMN_NAMES: Mapping[PlatformColumn, str] = {
    PlatformColumn.NAME: N_("姓名"),
    PlatformColumn.ID_TYPE: N_("证件类型"),
    PlatformColumn.ID_NUMBER: N_("证件号码"),
    PlatformColumn.PROJECT: N_("项目名称"),
    PlatformColumn.REFERENCE: N_("项目编号"),
    PlatformColumn.DATE: N_("服务日期"),
    PlatformColumn.FROM: N_("开始时间"),
    PlatformColumn.UNTIL: N_("结束时间"),
    PlatformColumn.HOURS: N_("服务时长（小时）"),
    PlatformColumn.PLACE: N_("服务地点"),
    PlatformColumn.ORGANIZER: N_("组织单位"),
    PlatformColumn.CONFIRMER: N_("确认人"),
    PlatformColumn.KIND: N_("记录类型"),
    PlatformColumn.HOURS_BEFORE: N_("更正前时长（小时）"),
}
NEW, CORRECTION = N_("新增"), N_("更正")
ID_CARD = N_("居民身份证")


class NothingToExport(DomainError):
    """Everything of the period has been handed in already."""

    code, status, message = "nothing_to_export", 409, N_("这段时间没有新的时长，也没有更正。以前导出的文件可以再下载。")


class PeriodTooLong(DomainError):
    """At most a year at a time, the end not before the beginning."""

    code, status, message = "export_period", 422, N_("结束日期不能早于开始日期，一次最多一年。")


class TooManyRecords(DomainError):
    """A file that no platform takes."""

    code, status, message = "export_too_large", 422, N_("超过 20000 条。请把时间分短些。")


class ExportedMeanwhile(DomainError):
    """Somebody else exported the same records at the same time."""

    code, status, message = "exported_meanwhile", 409, N_("有人刚导出了同样的记录。请刷新再看。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "hours_export_row_once": ExportedMeanwhile,
    "hours_export_row_continues": ExportedMeanwhile,
}


def columns_of(setting: str) -> tuple[PlatformColumn, ...]:
    """Return the columns that a setting names, in its order; an empty setting means all, in ours.

    A name that is no column is a mistake of whoever set it, and is said at once.
    """
    named = [part.strip() for part in setting.split(",") if part.strip()]
    return tuple(PlatformColumn(part) for part in named) or tuple(PlatformColumn)


def hours(minutes: int) -> str:
    """Write minutes as hours with two decimals, rounded half up, without floating point."""
    hundredths = (minutes * 100 + 30) // 60
    return f"{hundredths // 100}.{hundredths % 100:02}"


def encoded(content: bytes, encoding: Encoding) -> bytes:
    """Return a file that was written as UTF-8 with its mark in the encoding asked for."""
    if encoding is Encoding.UTF8:
        return content
    return content.decode("utf-8-sig").encode("gb18030")
