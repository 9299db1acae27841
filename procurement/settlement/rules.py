"""How a batch moves, and how claims become payments. Pure: the same claims give the same bytes."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby


class BatchStatus(StrEnum):
    """Where a batch stands."""

    COMPUTED = "computed"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


class BatchEvent(StrEnum):
    """What happens to a batch."""

    APPROVE = "approve"
    PAY = "pay"
    CANCEL = "cancel"
    REVOKE = "revoke"


TRANSITIONS: dict[tuple[BatchStatus, BatchEvent], BatchStatus] = {
    (BatchStatus.COMPUTED, BatchEvent.APPROVE): BatchStatus.APPROVED,
    (BatchStatus.COMPUTED, BatchEvent.CANCEL): BatchStatus.CANCELLED,
    (BatchStatus.APPROVED, BatchEvent.PAY): BatchStatus.PAID,
    (BatchStatus.APPROVED, BatchEvent.REVOKE): BatchStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True, order=True)
class Payee:
    """A person or an organization; exactly one id is set, the other is 0."""

    person_id: int
    organization_id: int


@dataclass(frozen=True, slots=True)
class ApprovedClaim:
    """An approved claim as settlement sees it; amount in fen."""

    id: int
    payee: Payee
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    """One merged payment to one payee with the claims it is made of."""

    payee: Payee
    claims: tuple[ApprovedClaim, ...]

    @property
    def amount_fen(self) -> int:
        """Return the sum of the claims."""
        return sum(claim.amount_fen for claim in self.claims)


def merged_payments(claims: Iterable[ApprovedClaim]) -> list[Payment]:
    """Merge claims into one payment per payee, payees and claims in id order."""
    ordered = sorted(claims, key=lambda claim: (claim.payee, claim.id))
    return [Payment(payee, tuple(of_payee)) for payee, of_payee in groupby(ordered, key=lambda claim: claim.payee)]


class LeftOut(StrEnum):
    """Why a run leaves an approved claim out."""

    SHORT_OF_MONEY = "short_of_money"
    ACCOUNT_RETURNED = "account_returned"
    CHALLENGED = "challenged"
    DISPUTED = "disputed"
    OFFICIAL = "official"
    SHARED_ACCOUNT = "shared_account"
    NOTHING_TO_DEDUCT_FROM = "nothing_to_deduct_from"
    REPAID = "repaid"
    IN_QUESTION = "in_question"  # older runs told the three of whom somebody must decide by this one


def turn(approved_on: date, amount_fen: int, claim_id: int) -> tuple[date, int, int]:
    """Return the order in which claims are paid when money is short: nobody overtakes.

    法律援助法 §52: subsidies are paid promptly, so the oldest approval comes first; of one day the smallest amount, so
    that the money at hand reaches most people.
    """
    return (approved_on, amount_fen, claim_id)


def input_sha256(
    place_code: str, period_from: date, period_to: date, claims: Sequence[ApprovedClaim], cap_fen: int | None = None
) -> bytes:
    """Return the hash of what a batch was computed from."""
    said: list[object] = [
        place_code,
        period_from.isoformat(),
        period_to.isoformat(),
        [[claim.id, claim.payee.person_id, claim.payee.organization_id, claim.amount_fen] for claim in claims],
        *([cap_fen] if cap_fen is not None else []),
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()
