"""What a coordinator says about how weeks are planned; an empty field holds as above."""

from datetime import date
from typing import Annotated, Any

import msgspec

from volunteers.dispatch.settings.rules import FIELDS, Asking, PlannedLevel

Weight = Annotated[int, msgspec.Meta(ge=0, le=1000, examples=[10])]


class SettingsForm(msgspec.Struct):
    """All that a place sets itself, why, and from which day on."""

    reason: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"}, examples=["山区路远，少跑路"])]
    planned_level: PlannedLevel | None = None
    time_limit_s: Annotated[int, msgspec.Meta(ge=1, le=900, examples=[60])] | None = None
    weeks_ahead: Annotated[int, msgspec.Meta(ge=1, le=8, examples=[1])] | None = None
    answer_hours: Annotated[int, msgspec.Meta(ge=1, le=336, examples=[48])] | None = None
    fairness: Weight | None = None
    preference: Weight | None = None
    km: Weight | None = None
    continuity: Weight | None = None
    acceptance_floor: Annotated[int, msgspec.Meta(ge=0, le=100, examples=[30])] | None = None
    asking: Asking | None = None
    from_day: date | None = None

    def said(self) -> dict[str, Any]:
        """Return the settings alone."""
        return {name: getattr(self, name) for name in FIELDS}
