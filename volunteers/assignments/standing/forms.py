"""For how long, on which days not, and whom the station asks."""

from datetime import date
from typing import Annotated

import msgspec

from volunteers.assignments.over_quota.forms import Who


class TermForm(msgspec.Struct):
    """The term of coming every week."""

    valid_from: date
    valid_until: date


class PauseForm(msgspec.Struct):
    """Days off."""

    first_day: date
    last_day: date


class ProposeForm(msgspec.Struct):
    """Whom the station asks, for what, until when; from today on."""

    who: Who
    position: Annotated[int, msgspec.Meta(ge=1)]
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    valid_until: date
