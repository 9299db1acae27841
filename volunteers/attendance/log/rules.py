"""What a shift's log holds, and which shifts need one.

A volunteer record states the content of the service truthfully (志愿服务记录与证明出具办法（试行）, 民政部令第67号,
art. 6):
for a duty shift that is how many people came and with what kind of matter, never who they were.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import SignUpStatus

LOGGED = frozenset({Kind.DUTY, Kind.VILLAGE, Kind.HOME_VISIT})
"""Kinds of which one may keep a log."""

REQUIRED = frozenset({Kind.DUTY})
"""Kinds that the station confirms only with one, or with a number of its own."""

MOST_OF_A_KIND = 200
LONGEST_NOTE = 500
OPEN = (SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN)


class Matter(StrEnum):
    """What moved somebody to come; codes shared with people's skills where they mean the same."""

    MARRIAGE = "marriage"
    LABOR = "labor"
    DEBTS = "debts"
    HOUSING = "housing"
    INJURY = "injury"
    NEIGHBOURS = "neighbours"
    LAND = "land"
    OTHER = "other"


MATTER_NAMES: Mapping[Matter, str] = {
    Matter.MARRIAGE: N_("婚姻家庭"),
    Matter.LABOR: N_("劳动"),
    Matter.DEBTS: N_("借贷合同"),
    Matter.HOUSING: N_("房屋物业"),
    Matter.INJURY: N_("人身损害"),
    Matter.NEIGHBOURS: N_("邻里纠纷"),
    Matter.LAND: N_("土地山林"),
    Matter.OTHER: N_("其他"),
}


class LogMissing(DomainError):
    """A duty shift is confirmed with what was done on it."""

    code, status = "log_missing", 409
    message = N_("还没有值班记录。请让本人在手机上填，或打开这个班次写上接待人数。")


class NoLogNow(DomainError):
    """A log is written from the start of the shift until the station confirms it."""

    code, status = "no_log_now", 409
    message = N_("现在不能写记录。班次开始后、站点确认前都能写；确认后请联系站点更正。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {"duty_log_while_open": NoLogNow, "duty_log_number": NoLogNow}


def counted(counts: Mapping[Matter, int], note: str) -> dict[str, int]:
    """Return the counts that are not nothing, or refuse what cannot be."""
    if wrong := [matter for matter, number in counts.items() if not 0 <= number <= MOST_OF_A_KIND]:
        raise InvalidInput({matter.value: Message(N_("请填 0 到 200。")) for matter in wrong})
    if len(note) > LONGEST_NOTE:
        raise InvalidInput({"note": Message(N_("最多 500 字。"))})
    return {matter.value: number for matter, number in counts.items() if number}


def may_write(kind: Kind, status: SignUpStatus, starts: datetime, now: datetime) -> bool:
    """Tell whether the log of a shift is open."""
    return kind in LOGGED and status in OPEN and starts <= now


def people_confirmed(kind: Kind, stated: int | None, logged: int | None) -> int:
    """Return how many people were served: the station's number, else the log's; a duty shift needs one of them."""
    if stated is not None:
        return stated
    if logged is None and kind in REQUIRED:
        raise LogMissing
    return logged or 0
