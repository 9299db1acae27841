"""Asking for a refund, deciding on it by a second person, and having the payment service carry it out."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement.donations.choosing import gateway
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_payment
from procurement.donations.payments import GatewayRefused, GatewayUnavailable
from procurement.donations.rules import REFUND_TRANSITIONS, RefundEvent, RefundStatus
from procurement.separation import OnePersonOnMoney

PROGRAM = system_principal(Permission.DONATION_APPROVE)


class RefundBeyondGift(DomainError):
    """No more is given back than was given, what is asked for already included."""

    code, status = "gift_refund_within_gift", 409
    message = N_("退款总额不能超过这笔捐赠。请刷新页面，看还能退多少。")


@dataclass(frozen=True, slots=True)
class NewRefund:
    """Money to give back of a gift, in its currency, and why."""

    gift_reference: str
    amount_minor: int
    reason: str


async def propose_refund(principal: Principal, new: NewRefund) -> UUID:
    """Ask for a refund; a second person decides. Return its public id."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    faults = {}
    if new.amount_minor <= 0:
        faults["amount"] = Message(N_("退款金额要大于零。"))
    if not new.reason.strip():
        faults["reason"] = Message(N_("请写明退款的理由。"))
    if faults:
        raise InvalidInput(faults)
    async with transaction():
        gift = await database.fetch_one(
            """SELECT gift.id, place.code FROM gift JOIN donation_fund f ON f.id = gift.fund_id
               JOIN place ON place.id = f.place_id WHERE gift.reference = $1""",
            new.gift_reference,
        )
        if gift is None:
            raise NotFound
        scope.require_place(gift["code"])
        async with database.refusing({"gift_refund_within_gift": RefundBeyondGift}):
            refund_id = await database.insert_row(
                "gift_refund",
                {
                    "gift_id": gift["id"],
                    "amount_minor": new.amount_minor,
                    "reason": new.reason.strip(),
                    "status": RefundStatus.PROPOSED.value,
                    "proposed_by": principal.actor,
                    "proposed_at": clock.now(),
                },
            )
        await audit.record(principal, "gift_refund.proposed", "gift_refund", refund_id, gift=gift["id"])
        found: UUID = await database.fetch_value("SELECT public_id FROM gift_refund WHERE id = $1", refund_id)
        return found


async def decide_refund(principal: Principal, public_id: UUID, *, approve: bool) -> RefundStatus:
    """Decline a refund, or approve it and have it carried out at once; return where it stands then.

    Where the payment service does not answer, the refund stays approved and is sent again with the same key.
    """
    scope = principal.scope(Permission.DONATION_APPROVE)
    async with transaction():
        row = await _locked(public_id)
        scope.require_place(row["code"])
        event = RefundEvent.APPROVE if approve else RefundEvent.DECLINE
        after = advance(REFUND_TRANSITIONS, RefundStatus(row["status"]), event)
        refusals = {"gift_refund_second_person": OnePersonOnMoney, "gift_refund_within_gift": RefundBeyondGift}
        async with database.refusing(refusals):
            await database.update_row(
                "gift_refund",
                row["id"],
                {"status": after.value, "decided_by": principal.actor, "decided_at": clock.now()},
            )
        await audit.record(principal, f"gift_refund.{after.value}", "gift_refund", row["id"])
        if approve:
            await _keep_key(row)
    if not approve:
        return after
    try:
        return await send_refund(public_id)
    except GatewayUnavailable:  # it stands as approved and is sent again
        return await _status(public_id)


async def send_refund(public_id: UUID) -> RefundStatus:
    """Have the payment service carry out an approved refund, once whatever happens; return where it stands then.

    The payment is read first: a refund whose answer was lost is recognised by our own id in it, however long ago.
    """
    row = await database.fetch_one(_REFUND, public_id)
    if row is None:
        raise NotFound
    await settle_payment(row["payment_id"], Finder.DESK)
    if await _status(public_id) is not RefundStatus.APPROVED:
        return await _status(public_id)
    try:
        await gateway().refund(row["payment_id"], row["amount_minor"], public_id, _key(public_id))
    except GatewayRefused:
        await _fail(public_id)
        raise
    await settle_payment(row["payment_id"], Finder.DESK)
    return await _status(public_id)


async def send_waiting() -> dict[str, int]:
    """Send again what was approved and never answered; return how many were answered and how many were not."""
    rows = await database.fetch("SELECT public_id FROM gift_refund WHERE status = 'approved' ORDER BY id")
    unanswered = 0
    for row in rows:
        try:
            await send_refund(row["public_id"])
        except GatewayUnavailable:  # it stays approved and is sent again
            unanswered += 1
        except DomainError:  # refused, and stands as failed; or a payment that differs, which the desk sees
            continue
    return {"refunds": len(rows) - unanswered, "refunds_unanswered": unanswered}


async def _fail(public_id: UUID) -> None:
    async with transaction():
        row = await _locked(public_id)
        if row["status"] == RefundStatus.APPROVED:
            await database.update_row("gift_refund", row["id"], {"status": RefundStatus.FAILED.value})
            await audit.record(PROGRAM, "gift_refund.failed", "gift_refund", row["id"])


async def _keep_key(row: Row) -> None:
    said = f"{row['payment_id']} {row['amount_minor']}"
    await database.insert_once(
        "gateway_attempt",
        {
            "key": _key(row["public_id"]),
            "purpose": "refund",
            "subject_id": row["id"],
            "request_sha256": hashlib.sha256(said.encode()).digest(),
            "made_at": clock.now(),
        },
        ("key",),
    )


async def _locked(public_id: UUID) -> Row:
    """Lock the gift, then the refund: the order in which every refund is written."""
    await database.fetch(
        """SELECT FROM gift WHERE id = (SELECT gift_id FROM gift_refund WHERE public_id = $1) FOR NO KEY UPDATE""",
        public_id,
    )
    row = await database.fetch_one(f"{_REFUND} FOR NO KEY UPDATE OF r", public_id)
    if row is None:
        raise NotFound
    return row


async def _status(public_id: UUID) -> RefundStatus:
    return RefundStatus(await database.fetch_value("SELECT status FROM gift_refund WHERE public_id = $1", public_id))


def _key(public_id: UUID) -> str:
    return f"refund:{public_id}"


_REFUND = """
SELECT r.id, r.public_id, r.status, r.amount_minor, gift.payment_id, place.code
FROM gift_refund r JOIN gift ON gift.id = r.gift_id JOIN donation_fund f ON f.id = gift.fund_id
JOIN place ON place.id = f.place_id WHERE r.public_id = $1
"""
