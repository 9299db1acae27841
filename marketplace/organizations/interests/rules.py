"""What counts as a tie, and how long it bars: 政府采购法实施条例 art. 9.

Work, office and shares bar for the years after they ended (a dated figure of the rulebook); family, and whatever
else could be thought to sway a judgement, bars as long as it lasts. The database decides by ``is_tied``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message


class InterestKind(StrEnum):
    """How an officer is tied."""

    EMPLOYMENT = "employment"
    BOARD = "board"
    OWNERSHIP = "ownership"
    FAMILY = "family"
    OTHER = "other"


KIND_NAMES: Mapping[InterestKind, str] = {
    InterestKind.EMPLOYMENT: N_("在该单位工作过"),
    InterestKind.BOARD: N_("担任过董事、监事、理事"),
    InterestKind.OWNERSHIP: N_("是股东、举办者或实际控制人"),
    InterestKind.FAMILY: N_("与负责人是夫妻、近亲属或近姻亲"),
    InterestKind.OTHER: N_("其他可能影响公正的关系"),
}
LASTING = frozenset({InterestKind.FAMILY, InterestKind.OTHER})
"""Ties that bar while they last, and not a day after."""


class InterestDeclared(DomainError):
    """The same tie was declared before."""

    code, status, message = "interest_declared", 409, N_("这项关系你已经申报过。")


class InterestEnded(DomainError):
    """An end is stated once."""

    code, status, message = "interest_ended", 409, N_("这项关系的结束日期已经填写过，不能再改。")


@dataclass(frozen=True, slots=True)
class Interest:
    """A tie as an officer declares it."""

    uscc: str
    kind: InterestKind
    since: date
    until: date | None = None


def interest_faults(interest: Interest, today: date) -> dict[str, Message]:
    """Return what is wrong with a declaration, by field."""
    faults: dict[str, Message] = {}
    if interest.since > today:
        faults["since"] = Message(N_("起始日期不能晚于今天。"))
    if interest.until is not None and not interest.since <= interest.until <= today:
        faults["until"] = Message(N_("结束日期应在起始日期之后、今天之前；还在继续的不填。"))
    return faults


def bars(kind: InterestKind, until: date | None, day: date, years: int) -> bool:
    """Tell whether a tie bars on a day; the same as the database's ``is_tied``, for the officer's own list."""
    return until is None or until >= (day if kind in LASTING else _years_before(day, years))


def _years_before(day: date, years: int) -> date:
    """Return the day so many years before; 29 February becomes the 28th, as in PostgreSQL."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
