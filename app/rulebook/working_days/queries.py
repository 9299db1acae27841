"""Reading the exceptions of a year with their sources."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.core import database
from app.core.calendar import ONE_DAY
from app.core.calendar_days import UNVERIFIED


@dataclass(frozen=True, slots=True)
class DayRow:
    """Days in a row that are not what their weekdays say, and the notice that says so."""

    day: date
    last: date
    working: bool
    name_zh: str
    source: str

    @property
    def verified(self) -> bool:
        """Tell whether the yearly notice was at hand."""
        return not self.source.endswith(UNVERIFIED)


async def exceptions(year: int) -> list[DayRow]:
    """Return the exceptions of a year; days in a row that one notice speaks of alike are one."""
    rows = await database.fetch(
        """SELECT day, day AS last, working, name_zh, source FROM working_day_exception
           WHERE extract(year FROM day) = $1 ORDER BY day""",
        year,
    )
    return joined(DayRow(**row) for row in rows)


def joined(days: Iterable[DayRow]) -> list[DayRow]:
    """Return days with those that follow each other alike as one row."""
    found: list[DayRow] = []
    for one in days:
        before = found[-1] if found else None
        if before is not None and one == replace(before, day=before.last + ONE_DAY, last=before.last + ONE_DAY):
            found[-1] = replace(before, last=one.last)
        else:
            found.append(one)
    return found
