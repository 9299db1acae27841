"""What follows deliveries: contracts amended and ended early, claims judged, batches paid, purchases evaluated."""

from collections.abc import Sequence
from datetime import date

from app.core import clock, database
from app.core.access import system_principal
from procurement.claims import service as claims
from procurement.claims.accrual import accrue
from procurement.contracts.amendments import service as amendments
from procurement.contracts.amendments.rules import Change
from procurement.contracts.terminations import service as terminations
from procurement.contracts.terminations.rules import Ground, Proposal
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from procurement.demonstration.paying import approve_looked_through
from procurement.payments.ending import Received, return_advance
from procurement.payments.returns import due_returns
from procurement.purchases.closing import service as closing
from procurement.settlement.payout import approve_batch, pay_batch
from procurement.settlement.service import cancel_batch, compute_batch
from tests.procurement.year.stage import Year, payee_of, provider_of

SYSTEM = system_principal()


async def change(here: Year, month: int, signed: Sequence[int]) -> None:
    """Amend some contracts and end others early."""
    cast = here.cast
    with clock.travelled_to(here.day(month, 28, 21)):
        rows = await database.fetch(
            """SELECT c.id, c.quantity FROM contract c JOIN purchase p ON p.id = c.purchase_id
               WHERE c.id = ANY($1) AND p.status IN ('contracted', 'delivering') ORDER BY c.id""",
            list(signed),
        )
        for row in [one for one in rows if one["quantity"] >= 10][:4]:
            number = await amendments.propose_amendment(cast.officer, row["id"], Change(1), "多一个村要听")
            found = "SELECT id FROM contract_amendment WHERE contract_id = $1 AND number = $2"
            amendment = await database.fetch_value(found, row["id"], number)
            await amendments.agree(await provider_of(here, row["id"]), amendment)
            if here.draw.random() < 0.8:
                await amendments.approve(cast.approver, amendment)
        ended = here.some(0.03, [row["id"] for row in rows]) or [row["id"] for row in rows if month % 3 == 0][:1]
        for contract in ended:
            proposal = Proposal(Ground.AGREEMENT, "双方协商一致")
            ending = await terminations.propose_termination(cast.officer, contract, proposal)
            await terminations.agree(await provider_of(here, contract), ending)
            if here.draw.random() < 0.8:
                await terminations.decide(cast.approver, ending)


async def pay(here: Year, month: int, *, last: bool) -> None:
    """Claim, judge and pay what the month earned; the last batches wait at different desks."""
    cast = here.cast
    with clock.travelled_to(here.day(month, 28, 22)):
        await terminations.settle_terminations(SYSTEM, clock.now())
        await conclude_purchases(SYSTEM, clock.now())
        await accrue(clock.now())
        rows = await database.fetch("SELECT id, item FROM claim WHERE status = 'accrued' ORDER BY id")
        back = here.some(0.02, [row["id"] for row in rows])
        for one in back:
            await claims.return_claim(cast.claims, one, "请补一份说明")
            if here.draw.random() < 0.5:
                await claims.resubmit_claim(await payee_of(here, one), one)
        rejected = here.some(0.01, [row["id"] for row in rows if row["item"] != "advance" and row["id"] not in back])
        for one in rejected:
            await claims.reject_claim(cast.claims, one, "重复")
        ready = [row["id"] for row in rows if row["id"] not in (*back, *rejected)]
        if last:
            ready = [one for one in ready if here.draw.random() < 0.9]
        if ready:
            await approve_looked_through(cast.claims, ready)
        for turn, code in enumerate(sorted(here.lines)):
            await _batch(here, code, stop=turn % 4 if last else 0)
        for due in await due_returns(cast.cashier):
            if here.draw.random() < 0.7:
                await return_advance(cast.cashier, due.contract, Received(clock.today(), "收1号"))


async def _batch(here: Year, code: str, stop: int) -> None:
    """Settle a district; ``stop`` leaves the batch computed, approved or cancelled."""
    waiting = await database.fetch_value(
        """SELECT count(*) FROM claim c JOIN place ON place.id = c.place_id
           WHERE c.status = 'approved' AND place.code LIKE $1 || '%'""",
        code,
    )
    if not waiting:
        return
    here.batches += 1
    first, end = date(here.number, 1, 1), date(here.number + 1, 1, 1)
    batch = await compute_batch(here.cast.settlement, code, first, end, f"{code}/{here.batches}")
    if stop == 3:
        await cancel_batch(here.cast.settlement, batch.id)
    elif stop != 1:
        await approve_batch(here.cast.checker, batch.id)
        if stop != 2:
            await pay_batch(here.cast.cashier, batch.id)


async def evaluate(here: Year) -> None:
    rows = await database.fetch("SELECT id FROM purchase WHERE status = 'paid' ORDER BY id")
    rated = here.some(0.25, [row["id"] for row in rows])
    for one in rated:
        await closing.rate_purchase(here.cast.officer, one, "效果好，建议继续采购")
    for one in here.some(0.5, rated):
        await closing.close_purchase(here.cast.officer, one)
