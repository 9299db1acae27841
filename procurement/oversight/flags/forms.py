"""What an auditor types about flags."""

from typing import Annotated

import msgspec

from procurement.oversight.flags.queries import Filter
from procurement.oversight.flags.rules import FlagEvent


class FilterForm(msgspec.Struct):
    """The filter above the list."""

    kind: str = ""
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""
    year: int | None = None
    state: str = ""

    def filter(self) -> Filter:
        """Return the same as the query takes it."""
        return Filter(self.kind, self.place, self.year, self.state)


class ReviewForm(msgspec.Struct):
    """What was found out; the button says whether it explains the matter or refers it."""

    words: Annotated[str, msgspec.Meta(max_length=600, extra={"input": "textarea"})]
    event: FlagEvent = FlagEvent.EXPLAIN
