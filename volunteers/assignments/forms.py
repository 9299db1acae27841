"""What a reader asks the list of assignments for; the same words stand in the address."""

from datetime import date, time, timedelta
from typing import Annotated

import msgspec

from app.core import clock
from volunteers.assignments.queries import AssignmentFilter
from volunteers.assignments.rules import Compensation, Kind
from volunteers.people.credentials.rules import CredentialKind


class ListForm(msgspec.Struct):
    """The filters above the list; ``until`` is its last day, the last three are for a volunteer."""

    place: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^\d*$")] = ""
    kind: Kind | None = None
    pay: Compensation | None = None
    credential: CredentialKind | None = None
    week: date | None = None
    since: date | None = None
    until: date | None = None
    language: Annotated[str, msgspec.Meta(max_length=30)] = ""
    seats: bool = False
    eligible: bool = False
    near: bool = False
    free: bool = False

    def asked(self, person_id: int | None) -> AssignmentFilter:
        """Return the same as the query takes it."""
        first, last = self._days()
        return AssignmentFilter(
            place_code=self.place,
            kind=self.kind,
            compensation=self.pay,
            credential=self.credential or "",
            language=self.language,
            with_seats=self.seats,
            since=clock.at_local(first, time.min) if first else None,
            until=clock.at_local(last + timedelta(days=1), time.min) if last else None,
            person_id=person_id,
            eligible=self.eligible,
            near=self.near,
            when_free=self.free,
        )

    def _days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day asked for; a week is a Monday's, and typed days come before it."""
        monday = clock.week_start(self.week) if self.week and not (self.since or self.until) else None
        return (monday, monday + timedelta(days=6)) if monday else (self.since, self.until)
