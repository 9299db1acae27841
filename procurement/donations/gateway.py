"""Stripe as our payment service: the only module that knows its library.

Source: docs.stripe.com/api, version 2026-10-28 (pinned by the library). Gifts are paid on Stripe's hosted page
(Checkout Sessions); the library is synchronous here and runs in a thread. Keys of ours go along with every write, and
our own ids as metadata, so that an answer that was lost is recognised when the object is read again.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import stripe

from procurement.donations.payments import (
    BalanceEntry,
    Checkout,
    CheckoutState,
    CheckoutWish,
    DisputeSeen,
    DisputeState,
    EntryKind,
    GatewayKeyRefused,
    GatewayRefused,
    GatewayUnavailable,
    Payment,
    PaymentState,
    Plan,
    PlanState,
    RefundSeen,
    RefundState,
)

Answer = TypeVar("Answer")
RETRIES = 2
PATIENCE_SECONDS = 20  # the library's own is 80: longer than a donor waits, or a proxy
INTENT_STATES = {
    "processing": PaymentState.PROCESSING,
    "succeeded": PaymentState.SUCCEEDED,
    "canceled": PaymentState.FAILED,
}
REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
DISPUTE_STATES = {
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}
PLAN_STATES = {
    "incomplete": PlanState.STARTED,
    "incomplete_expired": PlanState.ENDED,
    "canceled": PlanState.ENDED,
    "unpaid": PlanState.ENDED,
}
ENTRY_KINDS = {
    "charge": EntryKind.GIFT,
    "payment": EntryKind.GIFT,
    "refund": EntryKind.REFUND,
    "payment_refund": EntryKind.REFUND,
    "refund_failure": EntryKind.REFUND_FAILURE,
    "payment_failure_refund": EntryKind.REFUND_FAILURE,
    "payout": EntryKind.PAYOUT,
    "payout_cancel": EntryKind.PAYOUT,
    "payout_failure": EntryKind.PAYOUT,
    "stripe_fee": EntryKind.FEE,
    "network_cost": EntryKind.FEE,
}


class StripeGateway:
    """Talks to one Stripe account."""

    demo = False

    def __init__(self, key: str, secret: str, address: str = "") -> None:
        """Take the secret key, the secret that events are signed with, and another address than Stripe's for tests."""
        addresses: Any = {"base_addresses": {"api": address}} if address else {}
        http = stripe.RequestsClient(timeout=PATIENCE_SECONDS)
        self._client = stripe.StripeClient(key, max_network_retries=RETRIES, http_client=http, **addresses)
        self.live = "_live_" in key
        self.secret = secret

    async def open_checkout(self, wish: CheckoutWish, key: str) -> Checkout:
        """Open a Checkout Session."""
        found = await _asked(lambda: self._client.v1.checkout.sessions.create(_session(wish), {"idempotency_key": key}))
        return _checkout(found)

    async def checkout(self, checkout_id: str) -> Checkout:
        """Retrieve a Checkout Session."""
        return _checkout(await _asked(lambda: self._client.v1.checkout.sessions.retrieve(checkout_id)))

    async def payment(self, payment_id: str) -> Payment:
        """Retrieve a PaymentIntent with its charge, refunds, disputes and their balance transactions."""
        return await _asked(lambda: self._read_payment(payment_id))

    async def plan(self, plan_id: str) -> Plan:
        """Retrieve a Subscription with the payments of its invoices."""
        return await _asked(lambda: self._read_plan(self._client.v1.subscriptions.retrieve(plan_id)))

    async def end_plan(self, plan_id: str, key: str) -> Plan:
        """Cancel a Subscription."""
        return await _asked(
            lambda: self._read_plan(self._client.v1.subscriptions.cancel(plan_id, {}, {"idempotency_key": key}))
        )

    async def refund(self, payment_id: str, amount_minor: int, ours: UUID, key: str) -> RefundSeen:
        """Create a Refund of a PaymentIntent."""
        wanted: Any = {"payment_intent": payment_id, "amount": amount_minor, "metadata": {"refund": str(ours)}}
        return _refund(await _asked(lambda: self._client.v1.refunds.create(wanted, {"idempotency_key": key})))

    async def entries(self, since: datetime, until: datetime) -> list[BalanceEntry]:
        """List balance transactions, all pages."""
        span = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        wanted: Any = {"created": span, "limit": 100, "expand": ["data.source"]}

        def read() -> list[BalanceEntry]:
            pages = self._client.v1.balance_transactions.list(wanted).auto_paging_iter()
            return sorted((_entry(one, one.source, _payment_of(one)) for one in pages), key=lambda entry: entry.made_at)

        return await _asked(read)

    async def balances(self) -> dict[str, int]:
        """Retrieve the Balance: available and pending."""
        found = await _asked(self._client.v1.balance.retrieve)
        sums: dict[str, int] = {}
        parts: list[Any] = [*found.available, *found.pending]
        for part in parts:
            currency = part.currency.upper()
            sums[currency] = sums.get(currency, 0) + part.amount
        return sums

    def _read_payment(self, payment_id: str) -> Payment:
        client = self._client.v1
        found = client.payment_intents.retrieve(payment_id, {"expand": ["latest_charge.balance_transaction"]})
        refunds: Any = {"payment_intent": payment_id, "limit": 100,
                        "expand": ["data.balance_transaction", "data.failure_balance_transaction"]}  # fmt: skip
        given_back = list(client.refunds.list(refunds).auto_paging_iter())
        disputes = list(client.disputes.list({"payment_intent": payment_id}).auto_paging_iter())
        charge: Any = found.latest_charge
        booked = [(charge.balance_transaction, charge)] if charge is not None else []
        booked += [(one.balance_transaction, one) for one in given_back]
        booked += [(getattr(one, "failure_balance_transaction", None), one) for one in given_back]
        booked += [(entry, dispute) for dispute in disputes for entry in dispute.balance_transactions]
        return Payment(
            found.id,
            _payment_state(found),
            found.amount,
            found.currency.upper(),
            _instant(charge.created) if charge is not None else None,
            _ours(found, "gift"),
            self._plan_of(payment_id) if _ours(found, "gift") is None else None,
            tuple(_refund(one) for one in given_back),
            tuple(_dispute(one) for one in disputes),
            tuple(_entry(one, source, payment_id) for one, source in booked if not isinstance(one, str | None)),
        )

    def _plan_of(self, payment_id: str) -> str | None:
        """Return the subscription whose invoice a payment pays; since 2025 only the invoice knows."""
        wanted: Any = {
            "payment": {"type": "payment_intent", "payment_intent": payment_id},
            "expand": ["data.invoice"],
        }
        for one in self._client.v1.invoice_payments.list(wanted).data:
            parent = getattr(one.invoice, "parent", None)
            details = parent.subscription_details if parent is not None else None
            if details is not None:
                return _id(details.subscription)
        return None

    def _read_plan(self, found: Any) -> Plan:
        wanted: Any = {"subscription": found.id, "limit": 100, "expand": ["data.payments"]}
        invoices = list(self._client.v1.invoices.list(wanted).auto_paging_iter())
        payments = [
            _id(paid.payment.payment_intent)
            for invoice in reversed(invoices)
            for paid in (invoice.payments.data if invoice.payments else ())
            if paid.payment.type == "payment_intent"
        ]
        state = PLAN_STATES.get(found.status, PlanState.ACTIVE)
        return Plan(found.id, state, _ours(found, "gift"), tuple(one for one in payments if one))


async def _asked(call: Callable[[], Answer]) -> Answer:
    """Ask in a thread; tell what surely was not done from what nobody knows."""
    try:
        return await asyncio.to_thread(call)
    except (stripe.AuthenticationError, stripe.PermissionError) as refusal:
        raise GatewayKeyRefused from refusal
    except (stripe.InvalidRequestError, stripe.CardError) as refusal:
        raise GatewayRefused(reason=refusal.code or type(refusal).__name__) from refusal
    except stripe.StripeError as failure:
        raise GatewayUnavailable from failure


def _session(wish: CheckoutWish) -> Any:
    price: dict[str, Any] = {
        "currency": wish.currency.lower(),
        "unit_amount": wish.amount_minor,
        "product_data": {"name": wish.title},
    }
    named = {"metadata": {"gift": str(wish.gift)}}
    mode: dict[str, Any] = {"mode": "payment", "submit_type": "donate", "payment_intent_data": named}
    if wish.monthly:
        mode = {"mode": "subscription", "subscription_data": named}
        price["recurring"] = {"interval": "month"}
    return {
        **mode,
        **named,
        **({"customer_email": wish.email} if wish.email else {}),
        "client_reference_id": str(wish.gift),
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": wish.done_url,
        "cancel_url": wish.back_url,
        "locale": wish.locale,
    }


def _checkout(found: Any) -> Checkout:
    state = CheckoutState(found.status)
    return Checkout(
        found.id, found.url or "", state, _id(found.payment_intent), _id(found.subscription), _ours(found, "gift")
    )


def _payment_state(found: Any) -> PaymentState:
    if found.status == "requires_payment_method" and found.last_payment_error is not None:
        return PaymentState.FAILED
    return INTENT_STATES.get(found.status, PaymentState.WAITING)


def _refund(found: Any) -> RefundSeen:
    state = REFUND_STATES.get(found.status, RefundState.PENDING)
    return RefundSeen(found.id, found.amount, state, _ours(found, "refund"), _instant(found.created))


def _dispute(found: Any) -> DisputeSeen:
    state = DISPUTE_STATES.get(found.status, DisputeState.OPEN)
    return DisputeSeen(found.id, found.amount, state, found.reason, _instant(found.created))


def _entry(found: Any, source: Any, payment_id: str | None) -> BalanceEntry:
    """Read a balance transaction; its source (charge, refund, dispute) says what the donor paid, in which currency."""
    return BalanceEntry(
        found.id,
        _kind(found, payment_id),
        found.amount,
        found.fee,
        found.net,
        found.currency.upper(),
        *_original(found, source),
        _instant(found.created),
        payment_id,
    )


def _kind(found: Any, payment_id: str | None) -> EntryKind:
    """Name the entry; a dispute is booked as an adjustment, or under a name of its own."""
    if found.type in ("adjustment", "payment_reversal") and payment_id is not None:
        return EntryKind.DISPUTE if found.amount < 0 else EntryKind.DISPUTE_RETURN
    kind = ENTRY_KINDS.get(found.type, EntryKind.OTHER)
    of_gift = kind not in (EntryKind.PAYOUT, EntryKind.FEE, EntryKind.OTHER)
    return EntryKind.OTHER if of_gift and payment_id is None else kind


def _original(found: Any, source: Any) -> tuple[int, str]:
    """Return what the donor paid or got back, with the sign of what was settled."""
    currency, amount = getattr(source, "currency", None), getattr(source, "amount", None)
    if currency is None or amount is None:
        return found.amount, found.currency.upper()
    return (-amount if found.amount < 0 else amount), currency.upper()


def _payment_of(found: Any) -> str | None:
    """Return the payment that a balance transaction belongs to; charge, refund and dispute each name it."""
    return _id(getattr(found.source, "payment_intent", None)) if not isinstance(found.source, str) else None


def _ours(found: Any, name: str) -> UUID | None:
    """Return our own id from an object's metadata."""
    text = (found.metadata.to_dict() if found.metadata is not None else {}).get(name, "")
    try:
        return UUID(text)
    except ValueError:
        return None


def _id(found: Any) -> str | None:
    """Return the id of an object, expanded or not."""
    return found if found is None or isinstance(found, str) else str(found.id)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
