"""On which day and at what hours a shift is made for a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock
from app.core.calendar import Calendar, is_working_day

USUAL_FROM, USUAL_MINUTES = 9 * 60, 150
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class VisitDay:
    """The weekday (0: Monday) and the hours, in minutes of the day."""

    weekday: int
    from_minute: int
    minutes: int
    market: bool


def at(day: date, usual: VisitDay | None, least_minutes: int) -> tuple[datetime, datetime]:
    """Return when a visit on a day begins and ends: in the hours the place is used to, never shorter than promised."""
    from_minute, minutes = (usual.from_minute, usual.minutes) if usual else (USUAL_FROM, USUAL_MINUTES)
    starts = clock.at_local(day, time(from_minute // 60, from_minute % 60))
    return starts, starts + timedelta(minutes=max(minutes, least_minutes))


def window(today: date, earliest: date, due: date) -> list[date]:
    """Return the days to choose from: a week, from next Monday, which is planned next, or from the earliest day on.

    Where the due day comes before that, the days that are left; who is late is helped next week.
    """
    monday = clock.week_start(today) + WEEK
    first = max(monday, earliest)
    if due >= first:
        return _days(first, min(due, first + WEEK - ONE_DAY))
    return _days(today + ONE_DAY, due) or _days(monday, monday + WEEK - ONE_DAY)


def day_for(days: Sequence[date], usual: VisitDay | None, load: Mapping[date, int], calendar: Calendar) -> date:
    """Return the place's own day if it lies among the days, else the working day with the fewest shifts of its town."""
    if usual is not None:
        own = [day for day in days if day.weekday() == usual.weekday]
        if own:
            return own[0]
    worked = [day for day in days if is_working_day(calendar, day)]
    return min(worked or days, key=lambda day: (load.get(day, 0), day))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
