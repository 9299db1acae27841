"""What a claims officer fills in."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from procurement.claims.desk.queries import ClaimFilter
from procurement.claims.rules import ClaimStatus

ReferenceText = Annotated[str, msgspec.Meta(max_length=20, examples=["BT-2026-000123"])]
Reason = Annotated[
    str, msgspec.Meta(max_length=500, examples=["The sign-in time differs from the station's record; please check."])
]
EVERY = "all"

Shown = StrEnum("Shown", {"EVERY": EVERY, **{status.name: status.value for status in ClaimStatus}})  # type: ignore[misc]


class QueueForm(msgspec.Struct):
    """The filters above the queue; without a status it shows what waits for approval."""

    district: Annotated[str, msgspec.Meta(max_length=12)] = ""
    programme: Annotated[str, msgspec.Meta(max_length=40)] = ""
    status: Shown = Shown(ClaimStatus.ACCRUED.value)
    week: date | None = None

    def asked(self) -> ClaimFilter:
        """Return the same as the query takes it."""
        status = "" if self.status == EVERY else str(self.status.value)
        return ClaimFilter(self.district, self.programme, status, self.week)


class SelectionForm(QueueForm):
    """What an officer selected for approval: named claims, or everything that matches."""

    claims: list[ReferenceText] = []
    everything: bool = False


class ApprovalForm(SelectionForm):
    """The selection as it was shown; approved only if it is still the same."""

    count: Annotated[int, msgspec.Meta(ge=0)] = 0
    total_fen: Annotated[int, msgspec.Meta(ge=0)] = 0


class ReasonForm(msgspec.Struct):
    """Why a claim is sent back or refused; the payee reads it."""

    reason: Reason = ""


class ApprovalBody(msgspec.Struct):
    """Claims to approve, all or none."""

    references: Annotated[list[ReferenceText], msgspec.Meta(min_length=1, max_length=5_000)]


class ReasonBody(msgspec.Struct):
    """Why a claim is sent back or refused; the payee reads it."""

    reason: Annotated[Reason, msgspec.Meta(min_length=1)]
