"""What moves a gift, a monthly gift and a refund on, and how an entry of the payment service is posted.

慈善法 §27: only who holds the qualification raises money from the public; 杭州市法律援助条例 §5: charitable
money is kept on an account of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.text import N_
from procurement.donations.payments import BalanceEntry, CheckoutState, EntryKind, PaymentState
from procurement.ledger.rules import Account, AccountKind, Posting
from procurement.ledger.rules import EntryKind as Booked


class GiftStatus(StrEnum):
    """How far a gift has come; it only moves forward, and money that came is given whatever was thought before."""

    STARTED = "started"
    PROCESSING = "processing"
    FAILED = "failed"  # the donor may try again on the same page
    EXPIRED = "expired"
    GIVEN = "given"


class GiftEvent(StrEnum):
    """What the payment service says of a gift."""

    PROCESS = "process"
    FAIL = "fail"
    EXPIRE = "expire"
    SUCCEED = "succeed"


GIFT_TRANSITIONS: Mapping[tuple[GiftStatus, GiftEvent], GiftStatus] = {
    (GiftStatus.STARTED, GiftEvent.PROCESS): GiftStatus.PROCESSING,
    (GiftStatus.STARTED, GiftEvent.FAIL): GiftStatus.FAILED,
    (GiftStatus.STARTED, GiftEvent.EXPIRE): GiftStatus.EXPIRED,
    (GiftStatus.STARTED, GiftEvent.SUCCEED): GiftStatus.GIVEN,
    (GiftStatus.PROCESSING, GiftEvent.FAIL): GiftStatus.FAILED,
    (GiftStatus.PROCESSING, GiftEvent.EXPIRE): GiftStatus.EXPIRED,
    (GiftStatus.PROCESSING, GiftEvent.SUCCEED): GiftStatus.GIVEN,
    (GiftStatus.FAILED, GiftEvent.EXPIRE): GiftStatus.EXPIRED,
    (GiftStatus.FAILED, GiftEvent.SUCCEED): GiftStatus.GIVEN,
    (GiftStatus.EXPIRED, GiftEvent.SUCCEED): GiftStatus.GIVEN,
}
SAID: Mapping[PaymentState | CheckoutState, GiftEvent] = {
    PaymentState.PROCESSING: GiftEvent.PROCESS,
    PaymentState.SUCCEEDED: GiftEvent.SUCCEED,
    PaymentState.FAILED: GiftEvent.FAIL,
    CheckoutState.EXPIRED: GiftEvent.EXPIRE,
}
GIFT_NAMES: Mapping[GiftStatus, str] = {
    GiftStatus.STARTED: N_("未付款"),
    GiftStatus.PROCESSING: N_("付款处理中"),
    GiftStatus.FAILED: N_("付款失败"),
    GiftStatus.EXPIRED: N_("已过期"),
    GiftStatus.GIVEN: N_("已捐赠"),
}


class RefundStatus(StrEnum):
    """How far a refund has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DECLINED = "declined"


class RefundEvent(StrEnum):
    """What moves a refund on."""

    APPROVE = "approve"
    DECLINE = "decline"
    SEND = "send"
    SUCCEED = "succeed"
    FAIL = "fail"


REFUND_TRANSITIONS: Mapping[tuple[RefundStatus, RefundEvent], RefundStatus] = {
    (RefundStatus.PROPOSED, RefundEvent.APPROVE): RefundStatus.APPROVED,
    (RefundStatus.PROPOSED, RefundEvent.DECLINE): RefundStatus.DECLINED,
    (RefundStatus.APPROVED, RefundEvent.DECLINE): RefundStatus.DECLINED,
    (RefundStatus.APPROVED, RefundEvent.SEND): RefundStatus.SENT,
    (RefundStatus.APPROVED, RefundEvent.SUCCEED): RefundStatus.SUCCEEDED,
    (RefundStatus.APPROVED, RefundEvent.FAIL): RefundStatus.FAILED,
    (RefundStatus.SENT, RefundEvent.SUCCEED): RefundStatus.SUCCEEDED,
    (RefundStatus.SENT, RefundEvent.FAIL): RefundStatus.FAILED,
    (RefundStatus.SUCCEEDED, RefundEvent.FAIL): RefundStatus.FAILED,
}
REFUND_NAMES: Mapping[RefundStatus, str] = {
    RefundStatus.PROPOSED: N_("待审批"),
    RefundStatus.APPROVED: N_("待发出"),
    RefundStatus.SENT: N_("退款处理中"),
    RefundStatus.SUCCEEDED: N_("已退款"),
    RefundStatus.FAILED: N_("退款失败"),
    RefundStatus.DECLINED: N_("未批准"),
}


def moved(status: GiftStatus, said: PaymentState | CheckoutState) -> GiftStatus:
    """Return where a gift stands after the payment service said something; what is older than that changes nothing."""
    event = SAID.get(said)
    return GIFT_TRANSITIONS.get((status, event), status) if event else status


@dataclass(frozen=True, slots=True)
class Booking:
    """How an entry of the payment service stands in the ledger."""

    kind: Booked
    accounts: tuple[Account, ...]
    postings: tuple[Posting, ...]


KINDS: Mapping[EntryKind, Booked] = {
    EntryKind.GIFT: Booked.GIFT,
    EntryKind.REFUND: Booked.GIFT_REFUND,
    EntryKind.REFUND_FAILURE: Booked.GIFT_REFUND,
    EntryKind.DISPUTE: Booked.GIFT_DISPUTE,
    EntryKind.DISPUTE_RETURN: Booked.GIFT_DISPUTE,
    EntryKind.PAYOUT: Booked.GATEWAY_PAYOUT,
    EntryKind.FEE: Booked.GATEWAY_FEE,
    EntryKind.OTHER: Booked.GATEWAY_OTHER,
}
OF_GIFTS = frozenset(
    {EntryKind.GIFT, EntryKind.REFUND, EntryKind.REFUND_FAILURE, EntryKind.DISPUTE, EntryKind.DISPUTE_RETURN}
)


def fund_account(fund_id: int, fund_code: str, use: str, currency: str) -> Account:
    """Return an account of a fund: what was ``given``, the ``fees`` of it, what was ``used``."""
    kind = AccountKind.EQUITY if use == "given" else AccountKind.EXPENSE
    code = f"donated:{fund_code}:{use}:{currency}"
    return Account(code, kind, currency=currency, donated=True, donation_fund_id=fund_id)


def common_account(use: str, currency: str) -> Account:
    """Return an account of no fund: ``gateway``, ``bank``, the operator's ``fees``, ``unclear``."""
    kind = {"fees": AccountKind.EXPENSE, "unclear": AccountKind.LIABILITY}.get(use, AccountKind.ASSET)
    return Account(f"donated:{use}:{currency}", kind, currency=currency, donated=True)


def booking(entry: BalanceEntry, fund: tuple[int, str] | None) -> Booking:
    """Return the postings of an entry: the payment service's balance moves by the net, the fund bears amount and fee.

    ``fund`` is (id, code) of the fund that the entry's gift belongs to, None for entries of no gift; those stand on the
    bank account, the operator's fees, or wait as unclear until finance knows what they are. Amounts are minor units of
    the currency of settlement, debit positive, and sum to zero because net = amount - fee.
    """
    currency = entry.currency
    if fund is not None:
        against, fees = (fund_account(*fund, use, currency) for use in ("given", "fees"))
    else:
        use = {EntryKind.PAYOUT: "bank", EntryKind.FEE: "fees"}.get(entry.kind, "unclear")
        against, fees = common_account(use, currency), common_account("fees", currency)
    moves = (
        (common_account("gateway", currency), entry.net_minor),
        (against, -entry.amount_minor),
        (fees, entry.fee_minor),
    )
    return Booking(
        KINDS[entry.kind],
        tuple(account for account, _ in moves),
        tuple(Posting(account.code, minor) for account, minor in moves if minor),
    )
