"""Whom to add, where, and why."""

from typing import Annotated

import msgspec

from volunteers.assignments.over_quota.rules import LONGEST_REASON

Who = Annotated[str, msgspec.Meta(max_length=40)]
Why = Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]


class AddForm(msgspec.Struct):
    """A position by its number, a volunteer by mobile number or full name, and the reason."""

    position: int
    who: Who
    reason: Why
