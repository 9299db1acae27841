"""Public holidays and make-up working days, by the notice that announced them.

Names and sources are data, not text of ours. For 2027 the yearly notice was not at hand: only the statutory
days themselves are listed, without the exchanged days, and their source says that they are unverified.
"""

from dataclasses import dataclass
from datetime import date, timedelta

NOTICE_2025 = "国务院办公厅关于2025年部分节假日安排的通知（2024年11月12日）"
NOTICE_2026 = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
UNVERIFIED = "（未核实）"
STATUTE_2027 = f"全国年节及纪念日放假办法（国务院令第795号）第二条，2027年调休安排待通知{UNVERIFIED}"


@dataclass(frozen=True, slots=True)
class DayException:
    """One day that is not what its weekday says."""

    day: date
    working: bool
    name_zh: str
    source: str


@dataclass(frozen=True, slots=True)
class _Holiday:
    """A run of free days with the days worked in exchange; dates are ISO without the year."""

    name_zh: str
    first: str
    last: str
    worked: tuple[str, ...] = ()


_YEARS: dict[int, tuple[str, tuple[_Holiday, ...]]] = {
    2025: (
        NOTICE_2025,
        (
            _Holiday("元旦", "01-01", "01-01"),
            _Holiday("春节", "01-28", "02-04", ("01-26", "02-08")),
            _Holiday("清明节", "04-04", "04-06"),
            _Holiday("劳动节", "05-01", "05-05", ("04-27",)),
            _Holiday("端午节", "05-31", "06-02"),
            _Holiday("国庆节、中秋节", "10-01", "10-08", ("09-28", "10-11")),
        ),
    ),
    2026: (
        NOTICE_2026,
        (
            _Holiday("元旦", "01-01", "01-03", ("01-04",)),
            _Holiday("春节", "02-15", "02-23", ("02-14", "02-28")),
            _Holiday("清明节", "04-04", "04-06"),
            _Holiday("劳动节", "05-01", "05-05", ("05-09",)),
            _Holiday("端午节", "06-19", "06-21"),
            _Holiday("中秋节", "09-25", "09-27"),
            _Holiday("国庆节", "10-01", "10-07", ("09-20", "10-10")),
        ),
    ),
    2027: (
        STATUTE_2027,
        (
            _Holiday("元旦", "01-01", "01-01"),
            _Holiday("春节", "02-05", "02-08"),
            _Holiday("清明节", "04-05", "04-05"),
            _Holiday("劳动节", "05-01", "05-02"),
            _Holiday("端午节", "06-09", "06-09"),
            _Holiday("中秋节", "09-15", "09-15"),
            _Holiday("国庆节", "10-01", "10-03"),
        ),
    ),
}


def known_exceptions() -> list[DayException]:
    """Return every exception to the plain week that this version knows, in the order of days."""
    found: list[DayException] = []
    for year, (source, holidays) in _YEARS.items():
        for holiday in holidays:
            first, last = _day(year, holiday.first), _day(year, holiday.last)
            free = [first + timedelta(days=step) for step in range((last - first).days + 1)]
            found += [DayException(day, False, holiday.name_zh, source) for day in free]
            found += [DayException(_day(year, day), True, holiday.name_zh, source) for day in holiday.worked]
    return sorted(found, key=lambda entry: entry.day)


def _day(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")
