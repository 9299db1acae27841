"""What a payment service is to us, whichever it is: a protocol, and the values that it answers with.

Amounts are integers in minor units of an ISO 4217 currency. What a payment service says of a payment is read whole: its
state, its refunds and disputes, and the entries that they made on its balance; so it does not matter which event
came, in which order, or whether it came at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.core.errors import DomainError
from app.core.text import N_


class GatewayUnavailable(DomainError):
    """The payment service did not answer, or refused for a reason that may pass; whether it acted nobody knows."""

    code, status = "gateway_unavailable", 503
    message = N_("支付平台暂时没有响应。请稍后再试；重复提交不会重复收款或退款。")


class GatewayKeyRefused(GatewayUnavailable):
    """The payment service does not take our key: nothing was done, and nothing is given up until that is mended."""

    code = "gateway_key_refused"
    message = N_("支付平台不接受本站的密钥，没有收款或退款。请联系系统管理员。")


class GatewayRefused(DomainError):
    """The payment service surely did not do what was asked."""

    code, status, message = "gateway_refused", 409, N_("支付平台拒绝了这次请求（%(reason)s），没有收款或退款。")


class CheckoutState(StrEnum):
    """How far a donor has come on the payment service's page."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class PaymentState(StrEnum):
    """What became of a payment."""

    WAITING = "waiting"  # the donor has not paid, or may try again
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundState(StrEnum):
    """What became of a refund at the payment service."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeState(StrEnum):
    """What became of a payment that its payer's bank takes back."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class PlanState(StrEnum):
    """Whether a monthly gift goes on."""

    STARTED = "started"
    ACTIVE = "active"
    ENDED = "ended"


class EntryKind(StrEnum):
    """What an entry on the payment service's balance was made for."""

    GIFT = "gift"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"  # a refund that came back
    DISPUTE = "dispute"
    DISPUTE_RETURN = "dispute_return"
    PAYOUT = "payout"  # to the operator's bank
    FEE = "fee"  # of the payment service, for no gift in particular
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CheckoutWish:
    """A gift to be paid on the payment service's own page; addresses are where the donor comes back to."""

    gift: UUID
    title: str
    amount_minor: int
    currency: str
    monthly: bool
    done_url: str
    back_url: str
    locale: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The payment service's page of one gift, and what was paid there."""

    id: str
    url: str
    state: CheckoutState
    payment_id: str | None
    plan_id: str | None
    gift: UUID | None


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """One entry on the payment service's balance: ``net = amount - fee``; what the donor paid beside."""

    id: str
    kind: EntryKind
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    original_minor: int
    original_currency: str
    made_at: datetime
    payment_id: str | None  # the payment that it belongs to, None for payouts and fees


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund as the payment service has it; ``ours`` is our own id where we asked for it."""

    id: str
    amount_minor: int
    state: RefundState
    ours: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A dispute as the payment service has it."""

    id: str
    amount_minor: int
    state: DisputeState
    reason: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """All that the payment service knows of one payment."""

    id: str
    state: PaymentState
    amount_minor: int
    currency: str
    paid_at: datetime | None
    gift: UUID | None  # ours, where the payment names it
    plan_id: str | None  # the monthly gift that it belongs to
    refunds: Sequence[RefundSeen] = ()
    disputes: Sequence[DisputeSeen] = ()
    entries: Sequence[BalanceEntry] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly gift as the payment service has it, with its payments, the first one first."""

    id: str
    state: PlanState
    gift: UUID | None  # ours that began it
    payment_ids: Sequence[str] = ()


class Gateway(Protocol):
    """A payment service; writes take our own idempotency key. It raises GatewayRefused, or GatewayUnavailable."""

    @property
    def demo(self) -> bool:
        """Whether no money moves."""

    @property
    def live(self) -> bool:
        """Whether its events must say that they are about real money."""

    @property
    def secret(self) -> str:
        """What its events are signed with."""

    async def open_checkout(self, wish: CheckoutWish, key: str) -> Checkout:
        """Open a page on which the gift is paid."""
        ...

    async def checkout(self, checkout_id: str) -> Checkout:
        """Read a page's state."""
        ...

    async def payment(self, payment_id: str) -> Payment:
        """Read a payment with its refunds, disputes and entries."""
        ...

    async def plan(self, plan_id: str) -> Plan:
        """Read a monthly gift with its payments."""
        ...

    async def end_plan(self, plan_id: str, key: str) -> Plan:
        """End a monthly gift now; what was paid stays given."""
        ...

    async def refund(self, payment_id: str, amount_minor: int, ours: UUID, key: str) -> RefundSeen:
        """Give back part of a payment, or all of it."""
        ...

    async def entries(self, since: datetime, until: datetime) -> list[BalanceEntry]:
        """Read every entry on the balance that was made within [since, until), the oldest first."""
        ...

    async def balances(self) -> dict[str, int]:
        """Read the balance by currency, what is on its way included."""
        ...
