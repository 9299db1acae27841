"""What people type about payments."""

from datetime import date
from typing import Annotated

import msgspec


class AnswerForm(msgspec.Struct):
    """The word of whoever was nudged."""

    answer: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"})]


class ReturnForm(msgspec.Struct):
    """An advance that came back: when, and the voucher."""

    contract: Annotated[str, msgspec.Meta(max_length=20)]
    received_on: date | None = None
    document: Annotated[str, msgspec.Meta(max_length=60)] = ""
