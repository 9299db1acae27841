"""Working days of China, and deadlines counted by them.

Every Monday to Friday is a working day, except the public holidays that the State Council announces each
autumn, plus the Saturdays and Sundays worked in exchange. Those exceptions are rows of
``working_day_exception``; the functions here are pure and take the loaded ``Calendar``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.core import database
from app.core.calendar_days import UNVERIFIED, known_exceptions

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WORKING_DAYS = ("working_day", "working_days")
CALENDAR_DAYS = ("day", "days", "calendar_day", "calendar_days")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The exceptions to the plain week: True is worked, False is free."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def covers(self, year: int) -> bool:
        """Tell whether the holidays of a year are known; without them only weekends count as free."""
        return any(day.year == year for day in self.exceptions)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Tell whether offices work on the day."""
    return calendar.exceptions.get(day, day.weekday() < SATURDAY)


def rolled_forward(calendar: Calendar, day: date) -> date:
    """Return the day itself if it is worked, else the next working day."""
    while not is_working_day(calendar, day):
        day += ONE_DAY
    return day


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the ``days``-th working day after ``start``; the first day is not counted (令110 §49)."""
    if days < 0:
        raise ValueError("a period has no negative length")
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(calendar, day)
    return day


def add_calendar_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the last day of a period of calendar days: the first day is not counted, a holiday rolls forward.

    令110 §49: 开始当天不计入，从次日开始计算；期限的最后一日是国家法定节假日的，顺延到节假日后的次日。
    Saturdays and Sundays count as free here, as they do in 民法典 §203.
    """
    if days < 0:
        raise ValueError("a period has no negative length")
    return rolled_forward(calendar, start + timedelta(days=days))


def deadline(calendar: Calendar, start: date, days: int, unit: str) -> date:
    """Return the last day of a period whose unit is a rule's, such as working_days."""
    if unit in WORKING_DAYS:
        return add_working_days(calendar, start, days)
    if unit in CALENDAR_DAYS:
        return add_calendar_days(calendar, start, days)
    raise ValueError(f"{unit} is no unit of days")


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(calendar, start + timedelta(days=step)) for step in span)


async def load_calendar() -> Calendar:
    """Read the exceptions."""
    rows = await database.fetch("SELECT day, working FROM working_day_exception")
    return Calendar({row["day"]: row["working"] for row in rows})


async def seed_calendar() -> int:
    """Write the exceptions that this version knows, and correct its own earlier ones; return how many changed.

    A day that an operator entered himself (any other source) is left as it is.
    """
    days = known_exceptions()
    return await database.execute(
        """INSERT INTO working_day_exception AS known (day, working, name_zh, source)
           SELECT * FROM unnest($1::date[], $2::boolean[], $3::text[], $4::text[])
           ON CONFLICT (day) DO UPDATE
              SET working = excluded.working, name_zh = excluded.name_zh, source = excluded.source
            WHERE known.source LIKE '%' || $5
              AND (known.working, known.name_zh, known.source)
                  IS DISTINCT FROM (excluded.working, excluded.name_zh, excluded.source)""",
        [entry.day for entry in days],
        [entry.working for entry in days],
        [entry.name_zh for entry in days],
        [entry.source for entry in days],
        UNVERIFIED,
    )
