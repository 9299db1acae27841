"""What a cashier types from the bank's slip."""

from datetime import date
from typing import Annotated

import msgspec

from procurement.settlement.returns.rules import BankReturn

Reason = Annotated[str, msgspec.Meta(max_length=200, examples=["账号与户名不符"])]
Document = Annotated[str, msgspec.Meta(max_length=60, examples=["TH-20261128-0017"])]


class BankReturnForm(msgspec.Struct):
    """A returned line: why, when, by which voucher."""

    reason: Reason
    returned_on: date
    document: Document


class BankReturnBody(msgspec.Struct):
    """A line that the bank returned: its number in the bank file, the bank's reason, the day and the voucher."""

    line: Annotated[int, msgspec.Meta(ge=1, examples=[3])]
    reason: Reason
    returned_on: Annotated[date, msgspec.Meta(examples=["2026-11-28"])]
    document: Document

    def returned(self) -> BankReturn:
        """Return what the service takes."""
        return BankReturn(self.line, self.reason, self.returned_on, self.document)
