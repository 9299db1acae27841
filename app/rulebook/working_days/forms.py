"""What an officer fills in about working days."""

from datetime import date
from typing import Annotated

import msgspec

from app.rulebook.working_days.rules import LONGEST, PeriodUnit


class DayForm(msgspec.Struct):
    """One day, what it is, and the notice that says so."""

    day: date
    working: bool
    name_zh: Annotated[str, msgspec.Meta(max_length=60)]
    source: Annotated[str, msgspec.Meta(max_length=200)]


class PeriodForm(msgspec.Struct):
    """A period to work out."""

    start: date
    days: Annotated[int, msgspec.Meta(ge=0, le=LONGEST)] = 7
    unit: PeriodUnit = PeriodUnit.WORKING_DAYS
