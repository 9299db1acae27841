"""Recording the treasury's vouchers before a batch is paid.

预算法 第六十一条: fiscal money is paid through the treasury. A wrong voucher is issued anew, never corrected.
"""

from collections.abc import Mapping, Sequence

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from procurement.settlement.payout import locked_batch
from procurement.settlement.rules import BatchStatus
from procurement.settlement.vouchers.queries import LineShare, line_shares

MOST = 60


class NotApproved(DomainError):
    """Vouchers are issued for an approved batch, before it is paid."""

    code, status, message = "treasury_voucher_amount", 409, N_("批次复核通过、付款之前才能登记支付凭证。")


class VoucherTaken(DomainError):
    """Every voucher has a number of its own."""

    code, status, message = "treasury_voucher_number", 409, N_("这个凭证号已经用过。每张凭证的号码不同。")


async def record_vouchers(principal: Principal, batch_id: int, numbers: Mapping[str, str]) -> int:
    """Record voucher numbers by budget line; another number replaces the one before. Return how many were new."""
    async with transaction():
        batch = await locked_batch(principal, batch_id, Permission.SETTLEMENT_PAY)
        if batch["status"] != BatchStatus.APPROVED:
            raise NotApproved
        shares = {share.handle: share for share in await line_shares(batch_id)}
        fresh = _fresh(shares, numbers)
        async with database.refusing({"treasury_voucher_number": VoucherTaken, "treasury_voucher_amount": NotApproved}):
            for share, number in fresh:
                await database.insert_row("treasury_voucher", _row(principal, batch_id, share, number))
        if fresh:
            await audit.record(principal, "settlement.vouchers", "settlement_batch", batch_id, vouchers=len(fresh))
        return len(fresh)


def _fresh(shares: Mapping[str, LineShare], numbers: Mapping[str, str]) -> Sequence[tuple[LineShare, str]]:
    typed = {handle: number.strip() for handle, number in numbers.items()}
    faults: dict[str, Message] = {}
    for handle, number in typed.items():
        if handle not in shares:
            faults[handle] = Message(N_("这个批次没有这一行预算。"))
        elif len(number) > MOST:
            faults[handle] = Message(N_("最多 %(limit)s 个字。"), {"limit": MOST})
    if faults:
        raise InvalidInput(faults)
    return [(shares[one], number) for one, number in typed.items() if number and number != shares[one].voucher]


def _row(principal: Principal, batch_id: int, share: LineShare, number: str) -> dict[str, object]:
    return {
        "batch_id": batch_id,
        "budget_line_id": share.line_id,
        "number": number,
        "amount_fen": share.amount_fen,
        "replaces": share.voucher_id,
        "recorded_by": principal.actor,
        "recorded_at": clock.now(),
    }
