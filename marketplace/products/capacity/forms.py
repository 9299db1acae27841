"""What a provider types about its months and days off."""

from datetime import date
from typing import Annotated

import msgspec

from marketplace.products.capacity.rules import MOST_UNITS, Statement


class CapacityForm(msgspec.Struct):
    """So many units a month, from a month on (its first day)."""

    from_month: date
    units: Annotated[int, msgspec.Meta(ge=0, le=MOST_UNITS)]

    def statement(self) -> Statement:
        """Return the same as the service takes it."""
        return Statement(self.from_month, self.units)


class DaysOffForm(msgspec.Struct):
    """A stretch of days; one day where no last one is named."""

    first: date
    last: date | None = None
    note_zh: Annotated[str, msgspec.Meta(max_length=60)] = ""


class DayForm(msgspec.Struct):
    """One day."""

    day: date
