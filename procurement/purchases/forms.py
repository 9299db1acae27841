"""What people type about purchases."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

Reason = Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]


class OfferFilter(msgspec.Struct):
    """The filters above what may be bought."""

    q: Annotated[str, msgspec.Meta(max_length=60)] = ""
    category: Annotated[str, msgspec.Meta(max_length=30)] = ""


class RequestForm(msgspec.Struct):
    """A purchase to ask for; the budget line is named by its place's code and its year."""

    admission: UUID
    line: Annotated[str, msgspec.Meta(max_length=20)]
    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    quantity: int
    purpose_zh: Annotated[str, msgspec.Meta(max_length=200, extra={"input": "textarea"})]


class DecideForm(msgspec.Struct):
    """The purchases that an approver ticked, and the word on them."""

    purchases: list[str] = []
    approve: bool = False
    reason: Reason = ""


class ReasonForm(msgspec.Struct):
    """Why something is taken back or turned down."""

    reason: Reason = ""


class EvaluationForm(msgspec.Struct):
    """The performance evaluation."""

    evaluation_zh: Annotated[str, msgspec.Meta(max_length=2000, extra={"input": "textarea"})] = ""


class ContractForm(msgspec.Struct):
    """The term of a contract to offer."""

    starts_on: date
    ends_on: date
