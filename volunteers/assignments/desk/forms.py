"""What a station types to publish a shift, to move it, to change how many are wanted."""

from datetime import datetime
from typing import Annotated

import msgspec

from app.web.fields import LongText
from volunteers.assignments.rules import AssignmentDraft, AssignmentStatus, Compensation, Kind, PositionDraft
from volunteers.people.credentials.rules import CredentialKind

Line = Annotated[str, msgspec.Meta(max_length=80)]


class NewAssignmentForm(msgspec.Struct):
    """One shift with one kind of seat, the usual case; the API takes several kinds at once."""

    kind: Kind
    title_zh: Line
    station: int
    starts: datetime
    ends: datetime
    role_zh: Line
    capacity: Annotated[int, msgspec.Meta(ge=1, le=200)]
    compensation: Compensation
    place: Line = ""
    title_en: Line = ""
    role_en: Line = ""
    minimum: Annotated[int, msgspec.Meta(ge=0, le=200)] = 1
    credentials: list[CredentialKind] = []
    skills: list[str] = []
    languages: list[str] = []
    gender: Annotated[str, msgspec.Meta(pattern="^[FM]?$")] = ""
    insured: bool = False
    green: bool = False
    briefing_zh: LongText = ""
    briefing_en: LongText = ""
    draft: bool = False

    def assignment(self, place_id: int) -> AssignmentDraft:
        """Return the same as the service takes it."""
        position = PositionDraft(
            role_zh=self.role_zh,
            role_en=self.role_en,
            capacity=self.capacity,
            minimum=self.minimum,
            credentials_any=tuple(self.credentials),
            skills_all=tuple(self.skills),
            languages_all=tuple(self.languages),
            gender=self.gender or None,
        )
        return AssignmentDraft(
            kind=self.kind,
            title_zh=self.title_zh,
            title_en=self.title_en,
            place_id=place_id,
            station_id=self.station,
            starts=self.starts,
            ends=self.ends,
            compensation=self.compensation,
            insured=self.insured,
            green=self.green,
            positions=(position,),
            briefing_zh=self.briefing_zh,
            briefing_en=self.briefing_en,
            status=AssignmentStatus.DRAFT if self.draft else AssignmentStatus.OPEN,
        )


class MoveForm(msgspec.Struct):
    """A new time."""

    starts: datetime
    ends: datetime


class CapacityForm(msgspec.Struct):
    """How many a position takes."""

    number: int
    capacity: Annotated[int, msgspec.Meta(ge=1, le=200)]


class CancelForm(msgspec.Struct):
    """Why an assignment is called off."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
