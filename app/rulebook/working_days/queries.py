"""Reading the exceptions of a year with their sources."""

from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.calendar_days import UNVERIFIED


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day that is not what its weekday says, and the notice that says so."""

    day: date
    working: bool
    name_zh: str
    source: str

    @property
    def verified(self) -> bool:
        """Tell whether the yearly notice was at hand."""
        return not self.source.endswith(UNVERIFIED)


async def exceptions(year: int) -> list[DayRow]:
    """Return the exceptions of a year by day."""
    rows = await database.fetch(
        """SELECT day, working, name_zh, source FROM working_day_exception
           WHERE extract(year FROM day) = $1 ORDER BY day""",
        year,
    )
    return [DayRow(**row) for row in rows]
