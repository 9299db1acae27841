"""Refunds and disputes as the payment service has them, moved forward in our rows; under the gift's lock."""

from collections.abc import Sequence

from app.core import audit, clock, database
from app.core.access import Permission, system_principal
from app.core.database import Row
from app.core.text import N_
from procurement.donations.payments import DisputeSeen, DisputeState, RefundSeen, RefundState
from procurement.donations.rules import REFUND_TRANSITIONS, RefundEvent, RefundStatus

PROGRAM = system_principal(Permission.DONATION_APPROVE)
ELSEWHERE = N_("在支付平台后台直接退款")
EVENTS = {
    RefundState.PENDING: RefundEvent.SEND,
    RefundState.SUCCEEDED: RefundEvent.SUCCEED,
    RefundState.FAILED: RefundEvent.FAIL,
}
STATES = {
    RefundState.PENDING: RefundStatus.SENT,
    RefundState.SUCCEEDED: RefundStatus.SUCCEEDED,
    RefundState.FAILED: RefundStatus.FAILED,
}


async def follow_refunds(gift_id: int, seen: Sequence[RefundSeen]) -> None:
    """Move our refunds on, and write down those that were made at the payment service itself."""
    if not seen:
        return
    rows = await database.fetch("SELECT id, public_id, gateway_id, status FROM gift_refund WHERE gift_id = $1", gift_id)
    by_gateway = {row["gateway_id"]: row for row in rows if row["gateway_id"]}
    ours = {row["public_id"]: row for row in rows}
    known = {one.id: by_gateway.get(one.id) or ours.get(one.ours) for one in seen}
    for one in seen:  # what failed makes room for what was made elsewhere
        if row := known[one.id]:
            await _moved(row, one)
    for one in sorted(seen, key=lambda refund: (refund.made_at, refund.id)):
        if known[one.id] is None:
            await _written_down(gift_id, one)


async def _moved(row: Row, seen: RefundSeen) -> None:
    before = RefundStatus(row["status"])
    after = REFUND_TRANSITIONS.get((before, EVENTS[seen.state]), before)
    if after is before and row["gateway_id"] == seen.id:
        return
    await database.update_row("gift_refund", row["id"], {"status": after.value, "gateway_id": seen.id})
    if after is not before:
        await audit.record(PROGRAM, f"gift_refund.{after.value}", "gift_refund", row["id"])


async def _written_down(gift_id: int, seen: RefundSeen) -> None:
    """Take over a refund that nobody here asked for; what was asked for and no longer fits is given up.

    The payment service was read whole: what it does not have yet it will refuse, since nothing is left to give back.
    """
    if seen.state is not RefundState.FAILED:
        for row in await database.fetch(_NO_LONGER_FIT, gift_id, seen.amount_minor, clock.now()):
            await audit.record(PROGRAM, f"gift_refund.{row['status']}", "gift_refund", row["id"])
    refund_id = await database.insert_row(
        "gift_refund",
        {
            "gift_id": gift_id,
            "amount_minor": seen.amount_minor,
            "reason": ELSEWHERE,
            "status": STATES[seen.state].value,
            "gateway_id": seen.id,
            "proposed_at": seen.made_at,
        },
    )
    await audit.record(PROGRAM, "gift_refund.found", "gift_refund", refund_id)


async def follow_disputes(gift_id: int, seen: Sequence[DisputeSeen]) -> None:
    """Write disputes down and close them."""
    for one in seen:
        closed_at = None if one.state is DisputeState.OPEN else clock.now()
        await database.execute(
            """INSERT INTO gift_dispute AS d (gift_id, gateway_id, amount_minor, reason, status, opened_at, closed_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (gateway_id) DO UPDATE SET status = excluded.status, closed_at = excluded.closed_at
               WHERE d.status = 'open' AND excluded.status <> 'open'""",
            *(gift_id, one.id, one.amount_minor, one.reason, one.state.value, one.opened_at, closed_at),
        )


_NO_LONGER_FIT = """
UPDATE gift_refund SET status = CASE status WHEN 'proposed' THEN 'declined' ELSE 'failed' END,
                       decided_at = coalesce(decided_at, $3)
WHERE gift_id = $1 AND status IN ('proposed', 'approved') AND (
    SELECT sum(r.amount_minor) FROM gift_refund r WHERE r.gift_id = $1 AND r.status NOT IN ('failed', 'declined')
    ) + $2 > (SELECT amount_minor FROM gift WHERE id = $1)
RETURNING id, status
"""
