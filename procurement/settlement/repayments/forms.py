"""What is typed from a bank statement about money that was given back."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import Yuan
from procurement.settlement.repayments.rules import Received

Document = Annotated[str, msgspec.Meta(max_length=60, examples=["LS-20261130-0042"])]
Reason = Annotated[str, msgspec.Meta(max_length=200, examples=["The statement has no such line."])]


class ReceivedForm(msgspec.Struct):
    """A line of the bank's statement."""

    amount: Yuan
    received_on: date
    document: Document

    def received(self) -> Received:
        """Return what the service takes."""
        return Received(self.amount, self.received_on, self.document)


class RefusalForm(msgspec.Struct):
    """Why money is not confirmed; whoever recorded it reads it."""

    reason: Reason = ""


class ReceivedBody(msgspec.Struct):
    """A line of the bank's statement: what was given back, when, and the line's number."""

    amount_fen: Annotated[int, msgspec.Meta(ge=1, examples=[150_000])]
    received_on: Annotated[date, msgspec.Meta(examples=["2026-11-30"])]
    document: Annotated[Document, msgspec.Meta(min_length=1)]


class RefusalBody(msgspec.Struct):
    """Why money is not confirmed."""

    reason: Annotated[Reason, msgspec.Meta(min_length=1)]
