"""The counters of a shift's log."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from volunteers.attendance.log.rules import LONGEST_NOTE, MOST_OF_A_KIND, Matter

Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_OF_A_KIND, examples=[2])]


class LogForm(msgspec.Struct):
    """How many people came, by kind of matter, and anything special."""

    marriage: Count = 0
    labor: Count = 0
    debts: Count = 0
    housing: Count = 0
    injury: Count = 0
    neighbours: Count = 0
    land: Count = 0
    other: Count = 0
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE, examples=["下午停电一小时。"])] = ""

    @property
    def counts(self) -> Mapping[Matter, int]:
        """Return the counters by matter."""
        return {matter: getattr(self, matter.value) for matter in Matter}
