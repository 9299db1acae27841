"""The demonstration's payment service: Checkout Sessions, monthly gifts, idempotency, refunds, balance transactions.

It answers as Stripe does (docs/donations.md names which fact is proved where), keeps its objects in tables of its own,
and moves no money. It does not exist in production.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from procurement.donations.fake import objects
from procurement.donations.fake.events import emit
from procurement.donations.fake.objects import Body
from procurement.donations.payments import (
    BalanceEntry,
    Checkout,
    CheckoutState,
    CheckoutWish,
    DisputeSeen,
    DisputeState,
    EntryKind,
    GatewayRefused,
    Payment,
    PaymentState,
    Plan,
    PlanState,
    RefundSeen,
    RefundState,
)

SECRET = "whsec_demo"  # noqa: S105 - signs events of a payment service that moves no money
FEE_RATE, FEE_FIXED = Decimal("0.034"), 200


@dataclass(frozen=True)
class DemoGateway:
    """Settles in a currency at a rate (settled units for one paid)."""

    settles_in: str = "CNY"
    rate: Decimal = Decimal(1)
    demo: bool = True
    live: bool = False
    secret: str = SECRET

    async def open_checkout(self, wish: CheckoutWish, key: str) -> Checkout:
        """Open a page below /demo/checkout."""

        async def work() -> str:
            made = await objects.made(
                "checkout", object="checkout.session", status="open", title=wish.title, amount=wish.amount_minor,
                currency=wish.currency, monthly=wish.monthly, gift=str(wish.gift), done_url=wish.done_url,
                back_url=wish.back_url, payment_intent=None, subscription=None,
            )  # fmt: skip
            return str(made["id"])

        return await self.checkout(await objects.once(key, wish, work))

    async def checkout(self, checkout_id: str) -> Checkout:
        """Read a page."""
        found = await objects.read(checkout_id)
        return Checkout(
            found["id"], f"/demo/checkout/{found['id']}", CheckoutState(found["status"]), found["payment_intent"],
            found["subscription"], UUID(found["gift"]),
        )  # fmt: skip

    async def payment(self, payment_id: str) -> Payment:
        """Read a payment with all that belongs to it."""
        found = await objects.read(payment_id)
        of_it = {"payment_intent": payment_id}
        gift = found["gift"]
        return Payment(
            found["id"],
            PaymentState(found["status"]),
            found["amount"],
            found["currency"],
            _instant(found["paid_at"]) if found["paid_at"] else None,
            UUID(gift) if gift else None,
            found["subscription"],
            tuple(_refund(one) for one in await objects.listed("refund", **of_it)),
            tuple(_dispute(one) for one in await objects.listed("dispute", **of_it)),
            tuple(_entry(one) for one in await objects.listed("entry", **of_it)),
        )

    async def plan(self, plan_id: str) -> Plan:
        """Read a monthly gift."""
        found = await objects.read(plan_id)
        paid = await objects.listed("payment", subscription=plan_id)
        return Plan(found["id"], PlanState(found["status"]), UUID(found["gift"]), tuple(one["id"] for one in paid))

    async def end_plan(self, plan_id: str, key: str) -> Plan:
        """End a monthly gift."""

        async def work() -> str:
            found = await objects.changed(await objects.read(plan_id, lock=True), status=PlanState.ENDED.value)
            await emit("customer.subscription.deleted", {"id": plan_id, "object": "subscription"})
            return str(found["id"])

        return await self.plan(await objects.once(key, plan_id, work))

    async def refund(self, payment_id: str, amount_minor: int, ours: UUID, key: str) -> RefundSeen:
        """Give back part of a payment; refuses more than is left of it, as Stripe does."""

        async def work() -> str:
            found = await objects.read(payment_id, lock=True)
            await self.require_refundable(found, amount_minor)
            return await self.give_back(found, amount_minor, str(ours))

        return _refund(await objects.read(await objects.once(key, [payment_id, amount_minor, str(ours)], work)))

    async def require_refundable(self, payment: Body, amount_minor: int) -> None:
        """Refuse to give back what was not paid, what is disputed, and more than is left."""
        if payment["status"] != PaymentState.SUCCEEDED or amount_minor <= 0:
            raise GatewayRefused(reason="charge_not_refundable")
        await self.require_undisputed(payment["id"])
        if await self.given_back(payment["id"]) + amount_minor > payment["amount"]:
            raise GatewayRefused(reason="charge_already_refunded")

    async def require_undisputed(self, payment_id: str) -> None:
        """Refuse while the payer's bank holds the money, and after it kept it."""
        states = {one["status"] for one in await objects.listed("dispute", payment_intent=payment_id)}
        if states - {DisputeState.WON}:
            raise GatewayRefused(reason="charge_disputed")

    async def given_back(self, payment_id: str) -> int:
        """Return how much of a payment was refunded."""
        made = await objects.listed("refund", payment_intent=payment_id, status=RefundState.SUCCEEDED.value)
        return sum(one["amount"] for one in made)

    async def give_back(self, payment: Body, amount_minor: int, ours: str | None) -> str:
        """Make the refund with its entry and event."""
        made = await objects.made(
            "refund", object="refund", payment_intent=payment["id"], amount=amount_minor,
            currency=payment["currency"], status=RefundState.SUCCEEDED.value, ours=ours,
        )  # fmt: skip
        await self.entry(EntryKind.REFUND, payment, -amount_minor, fee=0)
        await emit("charge.refunded", {"id": "ch_demo", "object": "charge", "payment_intent": payment["id"]})
        return str(made["id"])

    async def entries(self, since: datetime, until: datetime) -> list[BalanceEntry]:
        """Read the balance's entries."""
        seen = [_entry(one) for one in await objects.listed("entry")]
        return [one for one in seen if since <= one.made_at < until]

    async def balances(self) -> dict[str, int]:
        """Add the entries up."""
        sums: dict[str, int] = {}
        for one in await objects.listed("entry"):
            sums[one["currency"]] = sums.get(one["currency"], 0) + one["net"]
        return sums

    def fee(self, amount_minor: int) -> int:
        """Return what a payment costs, in the currency of settlement."""
        return _rounded(self.settled(amount_minor) * FEE_RATE) + FEE_FIXED

    def settled(self, amount_minor: int) -> int:
        """Return an amount in the currency of settlement."""
        return _rounded(amount_minor * self.rate)

    async def entry(self, kind: EntryKind, payment: Body | None, amount_minor: int, fee: int) -> Body:
        """Book an entry on the balance."""
        settled = self.settled(amount_minor)
        return await objects.made(
            "entry", type=kind.value, payment_intent=payment["id"] if payment else None, amount=settled, fee=fee,
            net=settled - fee, currency=self.settles_in, original=amount_minor,
            original_currency=payment["currency"] if payment else self.settles_in,
        )  # fmt: skip


def _entry(found: Body) -> BalanceEntry:
    return BalanceEntry(
        found["id"], EntryKind(found["type"]), found["amount"], found["fee"], found["net"], found["currency"],
        found["original"], found["original_currency"], _instant(found["created"]), found["payment_intent"],
    )  # fmt: skip


def _refund(found: Body) -> RefundSeen:
    ours = UUID(found["ours"]) if found["ours"] else None
    return RefundSeen(found["id"], found["amount"], RefundState(found["status"]), ours, _instant(found["created"]))


def _dispute(found: Body) -> DisputeSeen:
    state, opened = DisputeState(found["status"]), _instant(found["created"])
    return DisputeSeen(found["id"], found["amount"], state, found["reason"], opened)


def _rounded(amount: Any) -> int:
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
