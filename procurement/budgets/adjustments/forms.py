"""What people type about adjustments."""

from typing import Annotated
from uuid import UUID

import msgspec

from app.web.fields import Yuan

Key = Annotated[str, msgspec.Meta(max_length=40)]


class AdjustForm(msgspec.Struct):
    """So much out of one line into another; lines are named by year, place and programme."""

    from_line: Key
    to_line: Key
    amount: Yuan
    document: Annotated[str, msgspec.Meta(max_length=100)]


class DecideForm(msgspec.Struct):
    """The adjustments that an approver ticked, and the word on them."""

    adjustments: list[UUID] = []
    approve: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})] = ""
