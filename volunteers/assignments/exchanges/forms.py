"""Whom one asks, and a word to them."""

from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.assignments.exchanges.rules import LONGEST_TEXT

Note = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class AskForm(msgspec.Struct):
    """A person who might go, or a seat to change with; neither makes a link to pass on."""

    person: UUID | None = None
    seat: UUID | None = None
    note: Note = ""
