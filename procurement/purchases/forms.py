"""What people type about purchases."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from procurement.payments.rules import PaymentTerms
from procurement.purchases.service import PurchaseDecision

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
    """The purchases that an approver ticked, each with the step that was shown (CG-2026-000001@2), and the word."""

    purchases: list[str] = []
    approve: bool = False
    reason: Reason = ""
    minutes: Annotated[str, msgspec.Meta(max_length=100)] = ""

    @property
    def references(self) -> list[str]:
        """Return the numbers of the purchases."""
        return [ticked.partition("@")[0] for ticked in self.purchases]

    def decisions(self, ids: Sequence[int]) -> list[PurchaseDecision]:
        """Return the word on each purchase, by its row."""
        steps = [ticked.partition("@")[2] for ticked in self.purchases]
        return [
            PurchaseDecision(one, self.approve, self.reason, self.minutes, int(step) if step.isdecimal() else None)
            for one, step in zip(ids, steps, strict=True)
        ]


class MinutesForm(msgspec.Struct):
    """The number of the minutes, where the meeting decides one purchase."""

    minutes: Annotated[str, msgspec.Meta(max_length=100)]


class ReasonForm(msgspec.Struct):
    """Why something is taken back or turned down."""

    reason: Reason = ""


class EvaluationForm(msgspec.Struct):
    """The performance evaluation."""

    evaluation_zh: Annotated[str, msgspec.Meta(max_length=2000, extra={"input": "textarea"})] = ""


class ContractForm(msgspec.Struct):
    """The term of a contract to offer, and how it is paid."""

    starts_on: date
    ends_on: date
    advance_percent: int = 0
    milestones: Annotated[str, msgspec.Meta(max_length=30)] = ""

    def terms(self) -> PaymentTerms:
        """Return the terms of payment; milestones are typed as percentages with any comma between them."""
        written = re.split(r"[,\s\uff0c\u3001;%]+", self.milestones.strip(" ,%"))
        try:
            return PaymentTerms(self.advance_percent, tuple(int(part) for part in written if part))
        except ValueError as error:
            raise InvalidInput({"milestones": Message(N_("请填写百分比，例如“50, 100”。"))}) from error
