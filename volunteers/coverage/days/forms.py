"""When a place is best visited."""

from datetime import time
from enum import StrEnum
from typing import Any

import msgspec

from volunteers.coverage.days.rules import VisitDay


class Weekday(StrEnum):
    """A day of the week as forms send it; 0 is Monday."""

    MONDAY = "0"
    TUESDAY = "1"
    WEDNESDAY = "2"
    THURSDAY = "3"
    FRIDAY = "4"
    SATURDAY = "5"
    SUNDAY = "6"


class VisitDayForm(msgspec.Struct):
    """The day and its hours; ``market`` if it is the market day."""

    weekday: Weekday
    starts: time
    ends: time
    market: bool = False

    def said(self) -> VisitDay:
        """Return the day and hours; an end before the start lasts no time at all and is refused."""
        first, last = (at.hour * 60 + at.minute for at in (self.starts, self.ends))
        return VisitDay(int(self.weekday), first, last - first, self.market)

    @staticmethod
    def fields(usual: VisitDay) -> dict[str, Any]:
        """Return what was said last, to fill the form with."""
        last = min(usual.from_minute + usual.minutes, 24 * 60 - 1)
        return {
            "weekday": Weekday(str(usual.weekday)),
            "starts": time(usual.from_minute // 60, usual.from_minute % 60),
            "ends": time(last // 60, last % 60),
            "market": usual.market,
        }
