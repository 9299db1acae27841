"""Months and days off: what may still be stated today.

A house rule, so that orders cannot outrun a provider's people; once stated, what villages have ordered is kept
(令110 §36: orders within what was agreed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.text import N_, Message

MOST_UNITS = 9_999
MOST_DAYS_AT_ONCE = 62
DAYS_AHEAD = 366
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Statement:
    """So many units a month, from a month on."""

    from_month: date
    units: int


def from_today(units: int, today: date) -> Statement:
    """Return what holds from this month on."""
    return Statement(month_of(today), units)


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def months_from(day: date, count: int) -> list[date]:
    """Return the first days of some months, beginning with the day's own."""
    start = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, start + count)]


def days_of(month: date) -> list[date]:
    """Return every day of a month."""
    following = months_from(month, 2)[1]
    return [month_of(month) + timedelta(days=number) for number in range((following - month_of(month)).days)]


def capacity_in(statements: Sequence[Statement], month: date) -> int | None:
    """Return what is stated for a month: the latest statement that reaches it, or nothing."""
    reaching = [one for one in statements if one.from_month <= month]
    return max(reaching, key=lambda one: one.from_month).units if reaching else None


def statement_faults(statement: Statement, today: date) -> dict[str, Message]:
    """Say what is wrong with a statement, by field: the past is not changed."""
    faults = {}
    if not month_of(today) <= month_of(statement.from_month) <= months_from(today, MONTHS_AHEAD + 1)[-1]:
        faults["from_month"] = Message(N_("请选择本月起十二个月内的月份。"))
    if not 0 <= statement.units <= MOST_UNITS:
        faults["units"] = Message(N_("请填0到%(most)s之间的数。"), {"most": MOST_UNITS})
    return faults


def blackout_faults(first: date, last: date, today: date) -> dict[str, Message]:
    """Say what is wrong with a stretch of days off, by field."""
    faults = {}
    if first < today or last > today + timedelta(days=DAYS_AHEAD):
        faults["first"] = Message(N_("请选择今天起一年内的日期。"))
    if last < first:
        faults["last"] = Message(N_("最后一天不能早于第一天。"))
    elif (last - first).days >= MOST_DAYS_AT_ONCE:
        faults["last"] = Message(N_("一次最多%(most)s天。"), {"most": MOST_DAYS_AT_ONCE})
    return faults


def stretch(first: date, last: date) -> list[date]:
    """Return the days from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
