"""How a dispute moves: raised by the claimant, answered once by somebody who had not judged the claim."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_
from procurement.claims.rules import ClaimStatus
from procurement.separation import OnePersonOnMoney


class DisputeStatus(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class DisputeEvent(StrEnum):
    """How a dispute is answered."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


TRANSITIONS: dict[tuple[DisputeStatus, DisputeEvent], DisputeStatus] = {
    (DisputeStatus.OPEN, DisputeEvent.UPHOLD): DisputeStatus.UPHELD,
    (DisputeStatus.OPEN, DisputeEvent.DISMISS): DisputeStatus.DISMISSED,
}
STATUS_NAMES: Mapping[DisputeStatus, str] = {
    DisputeStatus.OPEN: N_("需要答复"),
    DisputeStatus.UPHELD: N_("异议成立"),
    DisputeStatus.DISMISSED: N_("异议不成立"),
}
DISPUTABLE = frozenset(
    {
        ClaimStatus.ACCRUED,
        ClaimStatus.HELD,
        ClaimStatus.RETURNED,
        ClaimStatus.APPROVED,
        ClaimStatus.PAID,
        ClaimStatus.REJECTED,
    }
)
"""Not while a batch holds it: what is computed and approved by others is not pulled from under them."""


class AlreadyDisputed(DomainError):
    """One objection at a time."""

    code, status, message = "already_disputed", 409, N_("这件申领的异议还没有答复，不用重复提出。")


class NotDisputable(DomainError):
    """The claim is in a batch, or reversed."""

    code, status, message = "not_disputable", 409, N_("这件申领正在结算或已经冲正，现在不能提异议。")


class DisputeOpen(DomainError):
    """An objection is answered before the claim goes on."""

    code, status, message = "dispute_open", 409, N_("有申领的异议还没有答复，答复后才能通过。")


class JudgeAnswers(OnePersonOnMoney):
    """Who judged the claim does not answer the objection to it."""

    reason = N_("异议由审核人以外的另一个人答复。")
