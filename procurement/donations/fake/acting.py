"""What donors, banks and time do at the demonstration's payment service: pay, fail, expire, dispute, renew, pay out."""

from uuid import UUID

from app.core import clock
from app.core.database import transaction
from procurement.donations.fake import objects
from procurement.donations.fake.events import emit
from procurement.donations.fake.gateway import DemoGateway
from procurement.donations.fake.objects import Body
from procurement.donations.payments import DisputeState, EntryKind, GatewayRefused, PaymentState, PlanState

INTENT = "payment_intent"


async def pay(gateway: DemoGateway, checkout_id: str) -> str:
    """Pay on a page; return the payment's id. Paying twice is paying once."""
    async with transaction():
        page = await objects.read(checkout_id, lock=True)
        if page["status"] == "complete":
            return str(page[INTENT])
        _require_open(page)
        plan_id = None
        if page["monthly"]:
            plan_id = (await objects.made("plan", status=PlanState.ACTIVE.value, gift=page["gift"]))["id"]
        payment = await _payment(page, plan_id)
        await _charge(gateway, payment)
        await objects.changed(page, status="complete", payment_intent=payment["id"], subscription=plan_id)
        await emit("checkout.session.completed", {"id": checkout_id, "object": "checkout.session"})
        await emit("payment_intent.succeeded", {"id": payment["id"], "object": INTENT})
        if plan_id:
            await emit("customer.subscription.created", {"id": plan_id, "object": "subscription"})
        return str(payment["id"])


async def pay_elsewhere(gateway: DemoGateway, amount_minor: int, currency: str = "CNY") -> str:
    """Pay something else than a gift of ours through the same account; return the payment's id."""
    async with transaction():
        payment = await objects.made(
            "payment", object=INTENT, status=PaymentState.WAITING.value, amount=amount_minor, currency=currency,
            gift=None, subscription=None, paid_at=None,
        )  # fmt: skip
        await _charge(gateway, payment)
        await emit("payment_intent.succeeded", {"id": payment["id"], "object": INTENT})
        return str(payment["id"])


async def decline(checkout_id: str) -> str:
    """Have the donor's bank refuse; the page stays open for another try. Return the payment's id."""
    async with transaction():
        page = await objects.read(checkout_id, lock=True)
        _require_open(page)
        payment = await _payment(page, None)
        await objects.changed(payment, status=PaymentState.FAILED.value)
        await objects.changed(page, payment_intent=payment["id"])
        await emit("payment_intent.payment_failed", {"id": payment["id"], "object": INTENT})
        return str(payment["id"])


async def expire(checkout_id: str) -> None:
    """Let a page expire that nobody paid on."""
    async with transaction():
        page = await objects.read(checkout_id, lock=True)
        _require_open(page)
        await objects.changed(page, status="expired")
        await emit("checkout.session.expired", {"id": checkout_id, "object": "checkout.session"})


async def renew(gateway: DemoGateway, plan_id: str) -> str:
    """Take the next month of a monthly gift; return the payment's id."""
    async with transaction():
        plan = await objects.read(plan_id, lock=True)
        if plan["status"] != PlanState.ACTIVE:
            raise GatewayRefused(reason="subscription_canceled")
        first = (await objects.listed("payment", subscription=plan_id))[0]
        payment = await objects.made(
            "payment", object=INTENT, status=PaymentState.WAITING.value, amount=first["amount"],
            currency=first["currency"], gift=None, subscription=plan_id, paid_at=None,
        )  # fmt: skip
        await _charge(gateway, payment)
        about = {"id": "in_demo", "object": "invoice", "parent": {"subscription_details": {"subscription": plan_id}}}
        await emit("invoice.paid", about)
        return str(payment["id"])


async def refund_there(gateway: DemoGateway, payment_id: str, amount_minor: int, ours: UUID | None = None) -> str:
    """Refund on the payment service's own pages, without us."""
    async with transaction():
        payment = await objects.read(payment_id, lock=True)
        await gateway.require_refundable(payment, amount_minor)
        return await gateway.give_back(payment, amount_minor, str(ours) if ours else None)


async def dispute(gateway: DemoGateway, payment_id: str, fee: int = 10_000) -> str:
    """Have the payer's bank take back for now what was not given back yet; return the dispute's id."""
    async with transaction():
        payment = await objects.read(payment_id, lock=True)
        await gateway.require_undisputed(payment_id)
        left = payment["amount"] - await gateway.given_back(payment_id)
        if payment["status"] != PaymentState.SUCCEEDED or not left:
            raise GatewayRefused(reason="charge_not_disputable")
        made = await objects.made(
            "dispute", payment_intent=payment_id, amount=left, status=DisputeState.OPEN.value, reason="fraudulent"
        )
        await gateway.entry(EntryKind.DISPUTE, payment, -left, fee=fee)
        await _about_dispute("charge.dispute.created", made)
        return str(made["id"])


async def close_dispute(gateway: DemoGateway, dispute_id: str, *, won: bool) -> None:
    """Have the bank decide; a payment that is won comes back."""
    async with transaction():
        found = await objects.read(dispute_id, lock=True)
        state = DisputeState.WON if won else DisputeState.LOST
        await objects.changed(found, status=state.value)
        if won:
            payment = await objects.read(found[INTENT])
            await gateway.entry(EntryKind.DISPUTE_RETURN, payment, found["amount"], fee=0)
        await _about_dispute("charge.dispute.closed", found)


async def pay_out(gateway: DemoGateway, amount_minor: int) -> None:
    """Send part of the balance to the operator's bank; no event of ours tells of it."""
    async with transaction():
        await gateway.entry(EntryKind.PAYOUT, None, -amount_minor, fee=0)


async def charge_fee(gateway: DemoGateway, amount_minor: int) -> None:
    """Have the payment service charge for itself."""
    async with transaction():
        await gateway.entry(EntryKind.FEE, None, -amount_minor, fee=0)


async def _payment(page: Body, plan_id: str | None) -> Body:
    """Return the page's payment, the one that failed before if there is one."""
    if page[INTENT]:
        found = await objects.read(page[INTENT], lock=True)
        return await objects.changed(found, subscription=plan_id)
    return await objects.made(
        "payment", object=INTENT, status=PaymentState.WAITING.value, amount=page["amount"], currency=page["currency"],
        gift=None if page["monthly"] else page["gift"], subscription=plan_id, paid_at=None,
    )  # fmt: skip


async def _charge(gateway: DemoGateway, payment: Body) -> None:
    await objects.changed(payment, status=PaymentState.SUCCEEDED.value, paid_at=clock.now().timestamp())
    await gateway.entry(EntryKind.GIFT, payment, payment["amount"], fee=gateway.fee(payment["amount"]))


async def _about_dispute(kind: str, found: Body) -> None:
    await emit(kind, {"id": found["id"], "object": "dispute", INTENT: found[INTENT]})


def _require_open(page: Body) -> None:
    if page["status"] != "open":
        raise GatewayRefused(reason="checkout_session_not_open")
