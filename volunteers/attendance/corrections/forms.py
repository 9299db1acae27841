"""What the station puts right."""

from datetime import datetime
from typing import Annotated

import msgspec

from volunteers.attendance.corrections.rules import LONGEST_REASON
from volunteers.attendance.rules import MOST_SERVED, Outcome


class CorrectionForm(msgspec.Struct):
    """What really was, and how one knows."""

    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    people_served: Annotated[int, msgspec.Meta(ge=0, le=MOST_SERVED)] | None = None
