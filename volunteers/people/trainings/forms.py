"""What a station types to define a training and to record who completed it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from app.web.fields import LongText
from volunteers.people.trainings.rules import MOST_MONTHS, TrainingDraft

Line = Annotated[str, msgspec.Meta(max_length=80)]


class TrainingForm(msgspec.Struct, kw_only=True):
    """A training: what it is, what for, how one takes it, for how long it counts."""

    station: int
    title_zh: Line
    title_en: Line = ""
    purpose_zh: LongText = ""
    purpose_en: LongText = ""
    where_zh: LongText
    where_en: LongText = ""
    valid_months: Annotated[int, msgspec.Meta(ge=1, le=MOST_MONTHS)] | None = None

    def draft(self) -> TrainingDraft:
        """Return the same as the service takes it."""
        same = [name for name in self.__struct_fields__ if name != "station"]
        return TrainingDraft(station_id=self.station, **{name: getattr(self, name) for name in same})


class CompletionsForm(msgspec.Struct):
    """Who was there, on which day."""

    completed_on: date
    people: list[UUID] = []


class RevokeForm(msgspec.Struct):
    """Why a completion is taken back."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
