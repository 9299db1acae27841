"""What a station types to publish a shift, to move it, to change how many are wanted."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from app.core.text import N_
from app.web.fields import LongText
from volunteers.assignments.rules import (
    BRIEFING,
    AssignmentDraft,
    AssignmentStatus,
    Compensation,
    Kind,
    PositionDraft,
    SignUpMode,
)
from volunteers.people.credentials.rules import CredentialKind

Line = Annotated[str, msgspec.Meta(max_length=80)]
Phone = Annotated[
    str, msgspec.Meta(max_length=30, pattern=r"^[\d +()-]*$", extra={"error": N_("联系电话只写数字、空格和横线。")})
]


class PositionForm(msgspec.Struct, kw_only=True):
    """A kind of seat; a form holds several of them, one below the other."""

    role_zh: Line
    role_en: Line = ""
    capacity: Annotated[int, msgspec.Meta(ge=1, le=200)]
    minimum: Annotated[int, msgspec.Meta(ge=0, le=200)] = 1
    credentials: list[CredentialKind] = []
    skills: list[str] = []
    languages: list[str] = []
    gender: Annotated[str, msgspec.Meta(pattern="^[FM]?$")] = ""
    trainings: list[str] = []

    def draft(self) -> PositionDraft:
        """Return the same as the service takes it."""
        return PositionDraft(
            role_zh=self.role_zh,
            role_en=self.role_en,
            capacity=self.capacity,
            minimum=self.minimum,
            credentials_any=tuple(self.credentials),
            skills_all=tuple(self.skills),
            languages_all=tuple(self.languages),
            gender=self.gender or None,
            trainings_all=tuple(self.trainings),
        )

    @classmethod
    def of(cls, position: Any) -> "PositionForm":
        """Return the form that would make such a position again."""
        return cls(
            **{name: getattr(position, name) for name in ("role_zh", "role_en", "capacity", "minimum")},
            credentials=[CredentialKind(kind) for kind in position.credentials_any],
            skills=list(position.skills_all),
            languages=list(position.languages_all),
            gender=position.gender or "",
            trainings=list(position.trainings_all),
        )


class BriefingForm(msgspec.Struct, kw_only=True):
    """What only those who go are told."""

    contact_name: Line = ""
    contact_phone: Phone = ""
    meeting_point_zh: Line = ""
    meeting_point_en: Line = ""
    questions_zh: LongText = ""
    questions_en: LongText = ""
    limits_zh: LongText = ""
    limits_en: LongText = ""
    briefing_zh: LongText = ""
    briefing_en: LongText = ""

    def briefing(self) -> dict[str, Any]:
        """Return just these texts."""
        return {name: getattr(self, name) for name in BRIEFING}


class ShiftForm(BriefingForm, kw_only=True):
    """What a single shift and a weekly pattern have in common."""

    kind: Kind
    title_zh: Line
    title_en: Line = ""
    station: int
    place: Line = ""
    compensation: Compensation
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    insured: bool = False


class NewAssignmentForm(ShiftForm, kw_only=True):
    """One shift; its kinds of seats are rows of their own."""

    starts: datetime
    ends: datetime
    regulars_until: datetime | None = None
    green: bool = False
    draft: bool = False

    def assignment(self, place_id: int, positions: tuple[PositionDraft, ...]) -> AssignmentDraft:
        """Return the same as the service takes it."""
        same = ("kind", "title_zh", "title_en", "starts", "ends", "compensation", "sign_up_mode", "insured", "green")
        return AssignmentDraft(
            **{name: getattr(self, name) for name in (*same, "regulars_until")},
            **self.briefing(),
            place_id=place_id,
            station_id=self.station,
            positions=positions,
            status=AssignmentStatus.DRAFT if self.draft else AssignmentStatus.OPEN,
        )


class DetailsForm(BriefingForm, kw_only=True):
    """What may be put in other words at any time before the shift begins."""

    title_zh: Line
    title_en: Line = ""
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    regulars_until: datetime | None = None


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
