"""A settlement run that is killed at a statement: `python -m tests.procurement.settlement.killed ACCOUNTS`."""

from datetime import UTC, date, datetime

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from procurement.settlement import payout, service
from tests.killed import serve

KEY, CAP_FEN = "2026-11", 125_000
RUN = ("330102", date(2026, 11, 1), date(2026, 12, 1), KEY, CAP_FEN)
AT = datetime(2026, 11, 30, 2, tzinfo=UTC)
STEPS = (Permission.SETTLEMENT_COMPUTE, Permission.SETTLEMENT_APPROVE, Permission.SETTLEMENT_PAY)


def officer(account_id: int, permission: Permission) -> Principal:
    """Return who takes one of the three steps."""
    return Principal(account_id, kind="session", scopes={permission: Scope(place_codes=("330102",))})


async def settle(accounts: list[int]) -> None:
    """Take the steps that are still to be taken, however far a run before came; all of them if none did."""
    clerk, approver, cashier = (officer(*one) for one in zip(accounts, STEPS, strict=True))
    with clock.travelled_to(AT):
        batch = await service.compute_batch(clerk, *RUN)
        status = await database.fetch_value("SELECT status FROM settlement_batch WHERE id = $1", batch.id)
        if status == "computed":
            await payout.approve_batch(approver, batch.id)
        if status in ("computed", "approved"):
            await payout.pay_batch(cashier, batch.id)


if __name__ == "__main__":
    serve(settle)
