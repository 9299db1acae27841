"""Public totals equal the ledger to the fen, whatever happened."""

import random

import pytest

from app.core import clock, database
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.demonstration.paying import approve_looked_through
from procurement.ledger.disclosure import queries
from procurement.settlement import payout, service
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.app.web.client import client
from tests.conftest import rounds
from tests.procurement import attended_work as work
from tests.procurement import settled_work


async def ledger_totals() -> tuple[int, int]:
    """Return what the books say was approved and paid: the expense accounts, and the treasuries."""
    row = await database.fetch_one(
        """SELECT coalesce(sum(p.amount_fen) FILTER (WHERE a.code LIKE 'expense:%'), 0)::bigint AS approved,
                  coalesce(-sum(p.amount_fen) FILTER (WHERE a.code LIKE ANY ('{treasury:%,tax:%}')), 0)::bigint AS paid
           FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"""
    )
    assert row is not None
    return row["approved"], row["paid"]


async def public_totals() -> tuple[int, int]:
    rows = await queries.totals()
    return sum(row.approved_fen for row in rows), sum(row.paid_fen for row in rows)


@pytest.mark.parametrize("seed", range(rounds(3, 40)))
async def test_public_totals_equal_the_ledger_after_every_step(db: None, seed: int) -> None:
    """A random walk over attending, approving, rejecting, settling, cancelling, paying and returning."""
    draw = random.Random(seed)
    desk = await work.desk()
    people = [await work.person(f"payee {n}") for n in range(3)]
    days = iter(range(1, 29))
    for _ in range(12):
        await _step(draw, desk, people, days)
        assert await public_totals() == await ledger_totals()
    await _settle(draw, desk, pay=True)
    assert await public_totals() == await ledger_totals()


async def _step(draw: random.Random, desk: work.Desk, people: list[int], days: object) -> None:
    step = draw.choice(["attend", "attend", "judge", "settle", "settle"])
    if step == "attend":
        day = work.DAY.replace(day=next(days))  # type: ignore[call-overload]
        kind, minutes = draw.choice(["duty", "lecture", "village"]), draw.choice([90, 180, 300])
        await work.attended(draw.choice(people), day=day, kind=kind, minutes=minutes)
        await accrual.accrue(clock.now())
        return
    waiting = [row["id"] for row in await database.fetch("SELECT id FROM claim WHERE status = 'accrued' ORDER BY id")]
    if step == "judge" and waiting:
        await claims.reject_claim(desk.claims, waiting.pop(), "no")
    if waiting and step == "judge":
        await approve_looked_through(desk.claims, draw.sample(waiting, draw.randint(1, len(waiting))))
    elif step == "settle":
        await _settle(draw, desk, pay=draw.random() < 0.6)


async def _settle(draw: random.Random, desk: work.Desk, *, pay: bool) -> None:
    key = f"{draw.random()}"
    try:
        batch = await service.compute_batch(desk.clerk, work.DISTRICT, *settled_work.PERIOD, key)
    except service.NothingToSettle:
        return
    if not pay:
        await service.cancel_batch(desk.clerk, batch.id)
        return
    await payout.approve_batch(desk.approver, batch.id)
    await payout.pay_batch(desk.cashier, batch.id)
    if draw.random() < 0.5:
        await record_return(desk.cashier, batch.id, BankReturn(1, "账号有误", clock.today(), "TH-1"))


async def test_each_district_and_programme_equals_its_own_accounts(db: None) -> None:
    await settled_work.paid()
    (row,) = await queries.totals()
    assert (row.place_code, row.programme, row.year, row.works) == (work.DISTRICT, "on_site", 2026, 4)
    assert (row.budget_fen, row.approved_fen, row.paid_fen) == (10_000_000, 100_000, 100_000)


async def test_everybody_reads_the_totals_in_both_languages_and_nobody_is_named(db: None) -> None:
    await settled_work.paid(4, 1)
    async with client() as http:
        chinese = (await http.get("/disclosure?lang=zh")).text
        english = (await http.get("/disclosure?lang=en")).text
        program = (await http.get("/api/v1/disclosure", headers={"accept": "application/json"})).json()
    for text, label in ((chinese, "演示标准（非官方）"), (english, "Demonstration tariff (not official)")):
        assert "¥1,000<span" in text
        assert label in text
        assert "Payee" not in text
    assert "On-site service subsidies" in english
    assert [total["paid_fen"] for total in program["totals"]] == [100_000]


async def test_before_any_budget_the_page_says_so(db: None) -> None:
    async with client() as http:
        assert "还没有可以公开的资金" in (await http.get("/disclosure")).text
