"""A year of working days as a page shows it, and a deadline with the days that were not counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.calendar import ONE_DAY, Calendar, deadline, is_working_day
from app.core.text import N_, Message

LONGEST = 400  # days of a period that the page works out


class DayKind(StrEnum):
    """What a day is to an office."""

    WORKED = "worked"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MADE_UP = "made_up"  # a Saturday or Sunday worked in exchange


class PeriodUnit(StrEnum):
    """How a period counts its days."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


UNIT_NAMES: Mapping[PeriodUnit, str] = {
    PeriodUnit.WORKING_DAYS: N_("工作日"),
    PeriodUnit.CALENDAR_DAYS: N_("日历日"),
}
MONTH_NAMES = (
    *(N_("1 月"), N_("2 月"), N_("3 月"), N_("4 月"), N_("5 月"), N_("6 月")),
    *(N_("7 月"), N_("8 月"), N_("9 月"), N_("10 月"), N_("11 月"), N_("12 月")),
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven; None stands for the days of its neighbours."""

    first: date
    weeks: tuple[tuple[tuple[date, DayKind] | None, ...], ...]
    worked: int


@dataclass(frozen=True, slots=True)
class Period:
    """A period worked out: its last day, and the days after the first that did not count."""

    start: date
    days: int
    unit: PeriodUnit
    last: date
    skipped: tuple[tuple[date, DayKind], ...]


def kind_of(calendar: Calendar, day: date) -> DayKind:
    """Return what a day is: an exception says so itself, the plain week decides the others."""
    worked, plain = is_working_day(calendar, day), is_working_day(Calendar(), day)
    if worked:
        return DayKind.WORKED if plain else DayKind.MADE_UP
    return DayKind.HOLIDAY if day in calendar.exceptions else DayKind.WEEKEND


def year_of(calendar: Calendar, year: int) -> list[Month]:
    """Return the twelve months of a year, weeks beginning on Monday."""
    return [_month(calendar, date(year, month, 1)) for month in range(1, 13)]


def period(calendar: Calendar, start: date, days: int, unit: PeriodUnit) -> Period:
    """Work a deadline out as the law counts it: the first day is not counted (令110 §49)."""
    last = deadline(calendar, start, days, unit.value)
    after = (start + ONE_DAY * step for step in range(1, (last - start).days + 1))
    free = [(day, kind_of(calendar, day)) for day in after if not is_working_day(calendar, day)]
    return Period(start, days, unit, last, tuple(free))


def day_faults(calendar: Calendar, day: date, *, working: bool, name_zh: str, source: str) -> dict[str, Message]:
    """Say what is wrong with a day that somebody enters, by field; an ordinary one needs a notice to take back."""
    faults = {}
    if is_working_day(calendar, day) == working:
        plain = N_("这一天已经是工作日，不用登记。") if working else N_("这一天已经是休息日，不用登记。")
        faults["day"] = Message(plain)
    if not name_zh.strip():
        faults["name_zh"] = Message(N_("请写明是什么节日，或为哪个节日调休。"))
    if not source.strip():
        faults["source"] = Message(N_("请写明通知的名称和日期。"))
    return faults


def _month(calendar: Calendar, first: date) -> Month:
    following = (first + timedelta(days=31)).replace(day=1)
    days = [first + ONE_DAY * step for step in range((following - first).days)]
    cells = [None] * first.weekday() + [(day, kind_of(calendar, day)) for day in days]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    return Month(first, weeks, sum(is_working_day(calendar, day) for day in days))
