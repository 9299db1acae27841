"""Which quarter, place and kind of work to look at."""

from typing import Annotated

import msgspec

from volunteers.assignments.rules import Kind
from volunteers.dispatch.explanations.fairness.rules import Quarter


class FairnessForm(msgspec.Struct):
    """The filters above the figures."""

    place: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^\d*$")] = ""
    kind: Kind | None = None
    quarter: Annotated[str, msgspec.Meta(pattern=r"^(20\d\d-[1-4])?$")] = ""

    def asked(self) -> Quarter | None:
        """Return the quarter asked for, None for the latest."""
        return named(self.quarter)


def named(text: str) -> Quarter | None:
    """Return a quarter by its name in an address."""
    if not text:
        return None
    year, number = text.split("-")
    return Quarter(int(year), int(number))
