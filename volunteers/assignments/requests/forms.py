"""What is said when asking, and which requests are answered how."""

from typing import Annotated
from uuid import UUID

import msgspec

from volunteers.assignments.requests.rules import LONGEST_TEXT

Note = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class AskForm(msgspec.Struct):
    """A short word to the station, if one likes."""

    note: Note = ""


class AnswerForm(msgspec.Struct):
    """The requests that were ticked; a reason goes to those who are declined."""

    requests: list[UUID] = []
    reason: Note = ""
    all_or_none: bool = False
