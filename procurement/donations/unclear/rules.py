"""What money that belongs to no gift may turn out to be, and how each is posted.

杭州市法律援助条例 §5: charitable money is kept on an account of its own; so what nobody can explain waits on an account
of its own too, until two people say with a reason where it belongs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.text import N_
from procurement.donations.rules import Booking, common_account, fund_account
from procurement.ledger.rules import EntryKind, Posting


class Outcome(StrEnum):
    """What the money is."""

    GIFT = "gift"  # the payment of a gift that was never seen as paid
    FUND = "fund"  # a gift to a fund by somebody who gave no gift here
    RETURNED = "returned"  # paid back from the bank, with a voucher
    OPERATOR = "operator"  # the operator's own: adjustments, losses
    OFFSET = "offset"  # it came and went back on the balance: nothing is left to move


class DecisionStatus(StrEnum):
    """How far a decision has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class DecisionEvent(StrEnum):
    """What moves a decision on."""

    APPROVE = "approve"
    DECLINE = "decline"


DECISION_TRANSITIONS: Mapping[tuple[DecisionStatus, DecisionEvent], DecisionStatus] = {
    (DecisionStatus.PROPOSED, DecisionEvent.APPROVE): DecisionStatus.APPROVED,
    (DecisionStatus.PROPOSED, DecisionEvent.DECLINE): DecisionStatus.DECLINED,
}
DECISION_NAMES: Mapping[DecisionStatus, str] = {
    DecisionStatus.PROPOSED: N_("待审批"),
    DecisionStatus.APPROVED: N_("已批准"),
    DecisionStatus.DECLINED: N_("未批准"),
}
OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.GIFT: N_("归入一笔捐赠"),
    Outcome.FUND: N_("归入一个基金"),
    Outcome.RETURNED: N_("已从银行退回"),
    Outcome.OPERATOR: N_("归运营方"),
    Outcome.OFFSET: N_("已在支付平台退回"),
}


@dataclass(frozen=True, slots=True)
class UnclearEntry:
    """One entry that belongs to no gift; minor units, and beside them what was paid."""

    id: int
    gateway_id: str
    payment_id: str | None
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    original_minor: int
    original_currency: str
    made_at: datetime

    @property
    def matter(self) -> str:
        """Return what is decided about: the payment with all its entries, or else the entry."""
        return self.payment_id or self.gateway_id


def possible(entries: Sequence[UnclearEntry]) -> list[Outcome]:
    """Name what entries of one matter may be; what sums to nothing came and went, and what is less was never given."""
    total = sum(entry.amount_minor for entry in entries)
    if len({entry.currency for entry in entries}) != 1:
        return []
    if total == 0:
        return [Outcome.OFFSET]
    if total < 0:
        return [Outcome.FUND, Outcome.OPERATOR]
    of_gift = [Outcome.GIFT] if entries[0].payment_id else []
    return [*of_gift, Outcome.FUND, Outcome.RETURNED, Outcome.OPERATOR]


def paid(entries: Sequence[UnclearEntry]) -> tuple[int, str]:
    """Return what the payer paid, in which currency: the first entry that brought money."""
    first = next((entry for entry in entries if entry.amount_minor > 0), entries[0])
    return first.original_minor, first.original_currency


def clearing(entries: Sequence[UnclearEntry], outcome: Outcome, fund: tuple[int, str] | None) -> Booking | None:
    """Return the postings that take entries off the account of what is unclear; None where nothing is left to move.

    ``fund`` is (id, code). The fund bears the fee of what it gets; where the money goes elsewhere, the operator
    keeps bearing it. Amounts are minor units of the one currency of the entries, debit positive.
    """
    currency = entries[0].currency
    total, fee = sum(entry.amount_minor for entry in entries), sum(entry.fee_minor for entry in entries)
    unclear, fees = common_account("unclear", currency), common_account("fees", currency)
    if outcome is Outcome.OFFSET:
        return None
    if fund is not None:
        given, borne = fund_account(*fund, "given", currency), fund_account(*fund, "fees", currency)
        moves = [(unclear, total), (given, -total), (borne, fee), (fees, -fee)]
        kind = EntryKind.GIFT if total > 0 else EntryKind.GIFT_REFUND
    elif outcome is Outcome.RETURNED:
        moves, kind = [(unclear, total), (common_account("bank", currency), -total)], EntryKind.GIFT_REFUND
    else:
        moves, kind = [(unclear, total), (fees, -total)], EntryKind.GATEWAY_FEE
    return Booking(
        kind,
        tuple(account for account, _ in moves),
        tuple(Posting(account.code, minor) for account, minor in moves if minor),
    )
