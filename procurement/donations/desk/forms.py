"""What finance types about a gift."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import LongText, Yuan


class RefundForm(msgspec.Struct):
    """Money to give back, and why."""

    amount: Yuan
    reason: Annotated[str, msgspec.Meta(max_length=200)]


class ReceiptForm(msgspec.Struct):
    """The number of a statutory receipt."""

    number: Annotated[str, msgspec.Meta(max_length=60)]
    issued_on: date


class UseForm(msgspec.Struct):
    """What a fund's money is spent on."""

    amount: Yuan
    used_on: date
    purpose_zh: Annotated[LongText, msgspec.Meta(max_length=300)]
    document: Annotated[str, msgspec.Meta(max_length=60)]
    purpose_en: Annotated[LongText, msgspec.Meta(max_length=600)] = ""
