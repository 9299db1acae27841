"""Money at the end of the week: claims approved, batches computed, approved and paid by three people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.text import N_
from procurement.claims import accrual
from procurement.claims.sampling.service import approve_many, look_at, sample_for
from procurement.claims.service import Approved
from procurement.settlement.layouts.rules import BUILT_IN, CELL_NAMES, Cell, Column, Layout
from procurement.settlement.layouts.service import set_layout
from procurement.settlement.payout import approve_batch, pay_batch
from procurement.settlement.replies.queries import sent_batches
from procurement.settlement.replies.rules import Outcome, Told
from procurement.settlement.replies.service import store_told
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from procurement.settlement.service import compute_batch
from procurement.settlement.vouchers.queries import line_shares
from procurement.settlement.vouchers.service import record_vouchers
from procurement.tariffs.service import draft_tariff, publish_tariff, seed_documents

BANK = N_("杭州联合银行（示例）")


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid, over all batches."""

    batches: int
    payments: int
    total_fen: int


async def publish_tariffs(officers: dict[Role, Principal]) -> int:
    """Draft and publish the shipped tariff, by two people."""
    if await database.fetch_value("SELECT count(*) FROM tariff_set"):
        return 0
    for document in seed_documents():
        tariff = await draft_tariff(officers[Role.CLAIMS_OFFICER], document)
        await publish_tariff(officers[Role.SETTLEMENT_APPROVER], tariff)
    return len(seed_documents())


async def approve(officers: dict[Role, Principal]) -> Approved:
    """Accrue what the week earned and approve what is in order."""
    await accrual.accrue(clock.now())
    rows = await database.fetch("SELECT id FROM claim WHERE status = 'accrued' AND amount_fen > 0 ORDER BY id")
    return await approve_looked_through(officers[Role.CLAIMS_OFFICER], [row["id"] for row in rows])


async def approve_looked_through(officer: Principal, claim_ids: Sequence[int]) -> Approved:
    """Look at what is drawn of the claims and approve all, as somebody does who finds nothing wrong."""
    sample = await sample_for(officer, claim_ids)
    for one in sample.claims if sample else ():
        await look_at(officer, sample.public_id, one.reference)
    return await approve_many(officer, claim_ids)


async def pay_advances(officers: dict[Role, Principal], districts: Sequence[str]) -> Paid:
    """Pay what the day's contracts advance, before any work."""
    await approve(officers)
    today = clock.today()
    return await settle(officers, districts, today, today + timedelta(days=1))


async def settle(officers: dict[Role, Principal], districts: Sequence[str], first: date, end: date) -> Paid:
    """Settle the work of some days for each district: one batch each, and one file for the bank."""
    batches, payments, total = 0, 0, 0
    for code in districts:
        waiting = await database.fetch_value(
            """SELECT count(*) FROM claim c JOIN place ON place.id = c.place_id
               WHERE c.status = 'approved' AND place.code LIKE $1 || '%'
                 AND c.service_day >= $2 AND c.service_day < $3""",
            code,
            first,
            end,
        )
        if not waiting:
            continue
        clerk = officers[Role.SETTLEMENT_CLERK]
        batch = await compute_batch(clerk, code, first, end, f"{code}/{first.isoformat()}")
        await approve_batch(officers[Role.SETTLEMENT_APPROVER], batch.id)
        numbers = {
            share.handle: f"GK-{batch.reference[3:]}-{n}" for n, share in enumerate(await line_shares(batch.id), 1)
        }
        await record_vouchers(officers[Role.CASHIER], batch.id, numbers)
        file = await pay_batch(officers[Role.CASHIER], batch.id)
        batches, payments, total = batches + 1, payments + file.line_count, total + file.total_fen
    return Paid(batches, payments, total)


async def agree_with_a_bank(officers: dict[Role, Principal], place_code: str) -> None:
    """Have one district's bank want its own columns: classification codes and the treasury's vouchers among them."""
    cells = (*(column.cell for column in BUILT_IN.columns), Cell.FUNCTIONAL, Cell.ECONOMIC, Cell.VOUCHER, Cell.TAX)
    own = Layout(
        BANK, BUILT_IN.file_format, BUILT_IN.encoding, BUILT_IN.amount_form,
        tuple(Column(cell, CELL_NAMES[cell]) for cell in cells), {}, clock.today(),
    )  # fmt: skip
    await set_layout(officers[Role.SETTLEMENT_APPROVER], place_code, own)


async def hear_from_the_bank(officers: dict[Role, Principal]) -> int:
    """Have the bank confirm every line of all batches but the latest, which it has not answered yet."""
    rows = await database.fetch(
        """SELECT reference FROM settlement_batch
           WHERE status = 'paid' AND id <> (SELECT max(id) FROM settlement_batch) ORDER BY id"""
    )
    return await confirm(officers[Role.CASHIER], [row["reference"] for row in rows])


async def confirm(cashier: Principal, batches: Sequence[str]) -> int:
    """Have the bank confirm every line of some batches that it has not returned; return how many lines."""
    sent, confirmed = await sent_batches(cashier, batches), 0
    async with database.transaction():
        for batch in sent.values():
            told = [
                Told(one.batch_id, one.payment_id, one.line, Outcome.CONFIRMED, "", clock.today(),
                     f"YH-{batch.reference[3:]}-{one.line}", one.said is Outcome.CONFIRMED)
                for one in batch.lines.values()
                if one.said is not Outcome.RETURNED
            ]  # fmt: skip
            await store_told(cashier, told)
            confirmed += len(told)
    return confirmed


async def send_one_back(officers: dict[Role, Principal]) -> int:
    """Have the bank return the first line of the latest batch, so that its payee has an account to correct."""
    batch = await database.fetch_value("SELECT max(id) FROM settlement_batch WHERE status = 'paid'")
    if batch is None:
        return 0
    return await record_return(officers[Role.CASHIER], batch, BankReturn(1, "账号与户名不符", clock.today(), "TH-0001"))
