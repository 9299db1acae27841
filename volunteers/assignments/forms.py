"""What a reader asks the list of assignments for; the same words stand in the address."""

from datetime import date, time, timedelta
from typing import Annotated

import msgspec

from app.core import clock
from volunteers.assignments.queries import AssignmentFilter
from volunteers.assignments.rules import Compensation, Kind
from volunteers.people.credentials.rules import CredentialKind


class ListForm(msgspec.Struct):
    """The filters above the list; ``week`` is a Monday, the last three are for a volunteer."""

    place: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^\d*$")] = ""
    kind: Kind | None = None
    pay: Compensation | None = None
    credential: CredentialKind | None = None
    week: date | None = None
    eligible: bool = False
    near: bool = False
    free: bool = False

    def asked(self, person_id: int | None) -> AssignmentFilter:
        """Return the same as the query takes it."""
        monday = clock.at_local(clock.week_start(self.week), time.min) if self.week else None
        return AssignmentFilter(
            place_code=self.place,
            kind=self.kind,
            compensation=self.pay,
            credential=self.credential or "",
            since=monday,
            until=monday + timedelta(days=7) if monday else None,
            person_id=person_id,
            eligible=self.eligible,
            near=self.near,
            when_free=self.free,
        )
