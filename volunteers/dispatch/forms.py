"""What a coordinator asks the scheduler for, and which part of a plan to show."""

from datetime import date
from typing import Annotated

import msgspec

from volunteers.dispatch.people.queries import SeatFilter
from volunteers.dispatch.results import Outcome
from volunteers.dispatch.service import MAX_SECONDS


class PlanForm(msgspec.Struct):
    """A place and a week to plan; any day of the week names it."""

    place: Annotated[str, msgspec.Meta(pattern=r"^\d{4}(\d{2}(\d{3})?)?$", examples=["330127100"])]
    week: Annotated[date, msgspec.Meta(description="Any day of the week to plan.", examples=["2026-11-23"])]
    seconds: (
        Annotated[
            int,
            msgspec.Meta(
                ge=1,
                le=MAX_SECONDS,
                description="How long to search at most; by the settings if left out.",
                examples=[30],
            ),
        ]
        | None
    ) = None


class PeopleForm(msgspec.Struct):
    """The filters above the list of who goes where."""

    place: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^\d*$")] = ""
    day: date | None = None
    q: Annotated[str, msgspec.Meta(max_length=40)] = ""
    outcome: Outcome | None = None

    def asked(self) -> SeatFilter:
        """Return the same as the query takes it."""
        return SeatFilter(self.place, self.day, self.q.strip(), self.outcome)
