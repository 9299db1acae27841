"""The month from which a clerk picks a day: why a day cannot be had, and the parts of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from marketplace.products.capacity.rules import days_of
from procurement.deliveries.months.rules import Month

FIRST_DAY = 3  # a provider needs some days to send somebody; an exact time may be asked sooner


class Part(StrEnum):
    """A part of the day; each stands for a usual time."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


STARTS: Mapping[Part, time] = {Part.MORNING: time(9, 30), Part.AFTERNOON: time(14, 30), Part.EVENING: time(19)}
PART_NAMES: Mapping[Part, str] = {
    Part.MORNING: N_("上午 9:30"),
    Part.AFTERNOON: N_("下午 14:30"),
    Part.EVENING: N_("晚上 19:00"),
}
Hours = frozenset[tuple[int, Part]]
"""Weekdays (0 is Monday) and parts of them in which a village can have a service."""
ALL_HOURS: Hours = frozenset((weekday, part) for weekday in range(7) for part in Part)


class DayState(StrEnum):
    """Whether a day can be had, and if not, why."""

    FREE = "free"
    PAST = "past"
    TOO_SOON = "too_soon"
    OUTSIDE = "outside"
    OFF = "off"
    CLOSED = "closed"


STATE_NAMES: Mapping[DayState, str] = {
    DayState.FREE: N_("可约"),
    DayState.PAST: N_("已过"),
    DayState.TOO_SOON: N_("太近"),
    DayState.OUTSIDE: N_("合同期外"),
    DayState.OFF: N_("停约"),
    DayState.CLOSED: N_("不便"),
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in the picture of a month."""

    day: date
    state: DayState
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a contract runs."""

    first: date
    last: date


def calendar(
    of_month: date, today: date, term: Term, month: Month, hours: Hours = ALL_HOURS, orders: Mapping[date, int] = {}
) -> list[CalendarDay]:
    """Return every day of a month with whether it can be had."""
    weekdays = {weekday for weekday, _ in hours}
    return [
        CalendarDay(day, _state(day, today, term, month, weekdays), orders.get(day, 0)) for day in days_of(of_month)
    ]


def _state(day: date, today: date, term: Term, month: Month, weekdays: set[int]) -> DayState:
    if day < today:
        return DayState.PAST
    if day < today + timedelta(days=FIRST_DAY):
        return DayState.TOO_SOON
    if not term.first <= day <= term.last:
        return DayState.OUTSIDE
    if day in month.days_off:
        return DayState.OFF
    return DayState.FREE if day.weekday() in weekdays else DayState.CLOSED


def first_start(day: date, hours: Hours) -> datetime:
    """Return the earliest usual time of a day that suits the village."""
    return clock.at_local(day, next(STARTS[part] for part in Part if (day.weekday(), part) in hours))


def start_of(day: str, part: Part, other_start: datetime | None, hours: Hours) -> datetime:
    """Return the time that a clerk chose: a part of a day within the village's hours, or an exact time."""
    if other_start is not None:
        return other_start
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise InvalidInput({"day": Message(N_("请选一天。"))}) from None
    if (chosen.weekday(), part) not in hours:
        raise InvalidInput({"part": Message(N_("本村（社区）这一天的这个时段不便，请换一个时段。"))})
    return clock.at_local(chosen, STARTS[part])
