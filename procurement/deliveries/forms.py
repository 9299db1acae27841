"""What people type about orders, acceptances and quotas."""

from datetime import datetime
from typing import Annotated

import msgspec

from procurement.deliveries.rules import Finding

Reason = Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]
Code = Annotated[str, msgspec.Meta(max_length=12)]


class OrderForm(msgspec.Struct):
    """One unit at one of the suggested times, or at another."""

    place_code: Code
    start: Annotated[str, msgspec.Meta(max_length=40)]
    other_start: datetime | None = None
    note_zh: Annotated[str, msgspec.Meta(max_length=300, extra={"input": "textarea"})] = ""


class AnswerForm(msgspec.Struct):
    """The orders that a provider ticked, and the word on them."""

    orders: list[str] = []
    take: bool = False
    reason: Reason = ""


class ReasonForm(msgspec.Struct):
    """Why an order is taken back."""

    reason: Reason = ""


class FindingForm(msgspec.Struct):
    """What an acceptor found."""

    people_reached: int
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    opinion: Annotated[str, msgspec.Meta(max_length=1000, extra={"input": "textarea"})] = ""
    accepted: bool = False

    def finding(self) -> Finding:
        """Return the same as the service takes it."""
        return Finding(self.accepted, self.people_reached, self.rating, self.opinion)


class QuotaForm(msgspec.Struct):
    """One quota for every village of a place."""

    place_code: Code
    year: int
    quota: Annotated[int, msgspec.Meta(ge=0, le=1000)]
