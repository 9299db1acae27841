"""What the payment service says, made true here: the same whoever asks first, how often, and in which order.

Each function reads one object at the payment service, whole, and then moves our rows forward under the gift's lock: its
status, refunds and disputes, the ledger's entries, the acknowledgement. What was done before is left alone.
"""

from app.core import audit, clock, database
from app.core.access import Permission, system_principal
from app.core.database import Row, transaction
from app.core.errors import DomainError
from app.core.text import N_
from procurement.donations.acknowledgements.service import follow_gift
from procurement.donations.choosing import gateway
from procurement.donations.gifts.entries import Finder, book
from procurement.donations.payments import Checkout, CheckoutState, Payment, Plan, PlanState
from procurement.donations.refunds.following import follow_disputes, follow_refunds
from procurement.donations.rules import GiftStatus, moved

PROGRAM = system_principal(Permission.DONATION_MANAGE)


class PaymentDiffers(DomainError):
    """A payment names a gift of ours but is about another amount."""

    code, status = "gift_payment_differs", 409
    message = N_("付款 %(payment)s 的金额和捐赠 %(gift)s 不一致，没有入账。请人工核对。")


async def settle_checkout(checkout_id: str, finder: Finder) -> int:
    """Follow a page of the payment service; return how many entries were new."""
    seen = await gateway().checkout(checkout_id)
    new = 0
    if seen.plan_id is not None:
        new += await settle_plan(seen.plan_id, finder)
    if seen.payment_id is not None:
        new += await settle_payment(seen.payment_id, finder)
    if seen.state is CheckoutState.EXPIRED:
        await _expire(seen)
    return new


async def settle_payment(payment_id: str, finder: Finder) -> int:
    """Follow a payment; return how many entries were new. A payment that belongs to no gift of ours changes nothing."""
    seen = await gateway().payment(payment_id)
    if seen.plan_id is not None and not await _known(payment_id):
        return await settle_plan(seen.plan_id, finder)
    return await _settle(seen, finder)


async def settle_plan(plan_id: str, finder: Finder) -> int:
    """Follow a monthly gift and its payments that are not known yet, the first one first."""
    seen = await gateway().plan(plan_id)
    await _follow_plan(seen)
    new = 0
    for payment_id in seen.payment_ids:
        if not await _known(payment_id):
            new += await _settle(await gateway().payment(payment_id), finder)
    return new


async def _known(payment_id: str) -> bool:
    return bool(await database.fetch_value("SELECT EXISTS (SELECT FROM gift WHERE payment_id = $1)", payment_id))


async def _settle(seen: Payment, finder: Finder) -> int:
    async with transaction():
        gift = await _locked_gift(seen)
        if gift is None:
            return 0
        if (seen.amount_minor, seen.currency) != (gift["amount_minor"], gift["currency"]):
            if await database.fetch_value(_EXPLAINED, seen.id):
                return 0
            raise PaymentDiffers(payment=seen.id, gift=gift["reference"])
        await _move(gift, seen)
        await follow_disputes(gift["id"], seen.disputes)
        await follow_refunds(gift["id"], seen.refunds)
        new = await book(PROGRAM, seen.entries, finder, gift)
        await follow_gift(gift["id"])
        return new


async def _locked_gift(seen: Payment) -> Row | None:
    """Find and lock the gift of a payment: by the payment, by our own id, or by the month of its plan."""
    found = await database.fetch_one(f"{_GIFT} WHERE gift.payment_id = $1 {_LOCK}", seen.id)
    if found is None and seen.gift is not None:
        found = await database.fetch_one(
            f"{_GIFT} WHERE gift.public_id = $1 AND gift.payment_id IS NULL {_LOCK}", seen.gift
        )
    if found is None and seen.plan_id is not None:
        found = await _gift_of_month(seen)
    return found


async def _gift_of_month(seen: Payment) -> Row | None:
    """Return the gift that began the plan if it is not paid yet, or a new one for this month."""
    plan = await database.fetch_one(
        "SELECT id, fund_id, donor_id FROM gift_plan WHERE gateway_id = $1 FOR NO KEY UPDATE", seen.plan_id
    )
    if plan is None:
        return None
    # Whoever held the plan's lock before may have written this month's gift.
    for where, value in (
        ("gift.payment_id = $1", seen.id),
        ("gift.plan_id = $1 AND gift.payment_id IS NULL AND gift.status <> 'expired'", plan["id"]),
    ):
        if found := await database.fetch_one(f"{_GIFT} WHERE {where} {_LOCK}", value):
            return found
    new = await database.insert_row(
        "gift",
        {
            "fund_id": plan["fund_id"],
            "donor_id": plan["donor_id"],
            "plan_id": plan["id"],
            "amount_minor": seen.amount_minor,
            "currency": seen.currency,
            "status": GiftStatus.STARTED.value,
            "started_at": clock.now(),
        },
    )
    return await database.fetch_one(f"{_GIFT} WHERE gift.id = $1 {_LOCK}", new)


async def _move(gift: Row, seen: Payment) -> None:
    before = GiftStatus(gift["status"])
    after = moved(before, seen.state)
    if after is before and gift["payment_id"] is not None:
        return
    given_at = seen.paid_at or clock.now() if after is GiftStatus.GIVEN else None
    await database.execute(
        "UPDATE gift SET status = $2, payment_id = $3, given_at = coalesce(given_at, $4) WHERE id = $1",
        gift["id"],
        after.value,
        seen.id,
        given_at,
    )
    if after is not before:
        await audit.record(PROGRAM, f"gift.{after.value}", "gift", gift["id"])


async def _expire(seen: Checkout) -> None:
    async with transaction():
        row = await database.fetch_one("SELECT id, status FROM gift WHERE checkout_id = $1 FOR NO KEY UPDATE", seen.id)
        if row is None:
            return
        after = moved(GiftStatus(row["status"]), seen.state)
        if after.value != row["status"]:
            await database.execute("UPDATE gift SET status = $2 WHERE id = $1", row["id"], after.value)
            await audit.record(PROGRAM, f"gift.{after.value}", "gift", row["id"])


async def _follow_plan(seen: Plan) -> None:
    """Link the plan by the gift that began it, and move it forward."""
    async with transaction():
        row = await database.fetch_one(
            """SELECT p.id, p.status, p.gateway_id FROM gift_plan p
               WHERE p.gateway_id = $1
                  OR p.gateway_id IS NULL AND p.id = (SELECT plan_id FROM gift WHERE public_id = $2)
               ORDER BY p.gateway_id NULLS LAST LIMIT 1 FOR NO KEY UPDATE""",
            seen.id,
            seen.gift,
        )
        if row is None or row["status"] == PlanState.ENDED:
            return
        status = PlanState(row["status"]) if seen.state is PlanState.STARTED else seen.state
        if (row["gateway_id"], row["status"]) == (seen.id, status):
            return
        ended_at = clock.now() if status is PlanState.ENDED else None
        await database.update_row(
            "gift_plan", row["id"], {"gateway_id": seen.id, "status": status.value, "ended_at": ended_at}
        )
        await audit.record(PROGRAM, f"gift_plan.{status.value}", "gift_plan", row["id"])


_GIFT = """
SELECT gift.id, gift.reference, gift.fund_id, fund.code AS fund_code, gift.amount_minor, gift.currency, gift.status,
       gift.payment_id
FROM gift JOIN donation_fund fund ON fund.id = gift.fund_id
"""
# Two people have said where the money of a payment belongs.
_EXPLAINED = """
SELECT EXISTS (SELECT FROM unclear_decision d JOIN unclear_decision_entry s ON s.decision_id = d.id
               JOIN gateway_entry e ON e.id = s.entry_id WHERE e.payment_id = $1 AND d.status = 'approved')
"""
_LOCK = "ORDER BY gift.id LIMIT 1 FOR NO KEY UPDATE OF gift"
