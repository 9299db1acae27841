"""What a reader of the books chooses."""

from datetime import date

import msgspec


class MonthForm(msgspec.Struct):
    """A month by its first day; none is all time, or the last one."""

    month: date | None = None
