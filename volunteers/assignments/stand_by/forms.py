"""Where and when somebody would step in each week."""

from typing import Annotated, Literal

import msgspec


class WeeklyForm(msgspec.Struct):
    """A station, a weekday (0 is Monday) and a part of the day."""

    station: int
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    part: Literal["day", "am", "pm", "eve"] = "day"
