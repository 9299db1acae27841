"""What finance types about a gift."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import Yuan


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
    purpose_zh: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"})]
    document: Annotated[str, msgspec.Meta(max_length=60)]
    purpose_en: Annotated[str, msgspec.Meta(max_length=600, extra={"input": "textarea"})] = ""
