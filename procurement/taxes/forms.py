"""What the cashier types from the tax office's receipt."""

from datetime import date
from typing import Annotated

import msgspec

Document = Annotated[str, msgspec.Meta(max_length=60, examples=["完税凭证 3301-2026-0099"])]


class RemittanceForm(msgspec.Struct):
    """A month's tax paid over: the receipt and the day."""

    document: Document
    paid_on: date


class RemittanceBody(msgspec.Struct):
    """A month's tax paid over: whose, which month, the receipt and the day."""

    place: Annotated[str, msgspec.Meta(examples=["330106"])]
    month: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    document: Document
    paid_on: Annotated[date, msgspec.Meta(examples=["2026-12-10"])]
