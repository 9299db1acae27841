"""Balances follow the postings, whoever commits when; months close one after the other."""

import asyncio
import random
from datetime import UTC, date, datetime

import asyncpg
import pytest

from app.core import clock, database, embedded
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotPermitted
from procurement.ledger import balances
from procurement.ledger.books import queries as books
from procurement.ledger.periods.service import EarlierMonthOpen, MonthClosed, MonthStillRuns, close_month
from procurement.ledger.rules import EntryKind
from tests.app.web.client import client
from tests.conftest import rounds
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.ledger.test_ledger import OWED, PAID_WORK, WORK, entry, post
from tests.procurement.settlement.test_promises import ENTRY, POSTINGS
from tests.refusals import refused

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
CITY = Scope(place_codes=("3301",))
CLOSE_DECEMBER = "UPDATE ledger_period SET closed_at = $1, closed_by = $2 WHERE starts_on = '2026-12-01'"


async def closer() -> Principal:
    """Return who closes months, for the whole city."""
    permissions = dict.fromkeys((Permission.LEDGER_READ, Permission.LEDGER_CLOSE), CITY)
    return Principal(await work.account("closer"), name="Closer", kind="session", scopes=permissions)


async def test_with_many_that_post_and_commit_late_and_others_that_fold_nothing_is_lost(
    db: None, database_name: str
) -> None:
    await post(*PAID_WORK)
    posted, folded = rounds(12, 200), asyncio.Event()

    async def slow(number: int) -> None:
        own = await asyncpg.connect(embedded.dsn(embedded.APPLICATION_ROLE, database_name))
        for turn in range(3):
            unit = own.transaction()
            await unit.start()
            new = await own.fetchval(ENTRY, "accrual", f"{number} {turn}", None, None)
            await own.execute(POSTINGS, new, [WORK.code, OWED.code], [number + 1, -number - 1])
            await asyncio.sleep(random.uniform(0, 0.03))
            await (unit.rollback() if turn == 1 else unit.commit())
        await own.close()

    async def fold() -> None:
        while not folded.is_set():
            await balances.fold()

    folding = [asyncio.create_task(fold()) for _ in range(2)]
    for first in range(0, posted, 12):
        await asyncio.gather(*(slow(number) for number in range(first, first + 12)))
        assert await balances.drifts() == []
    folded.set()
    await asyncio.gather(*folding)
    await balances.fold()
    assert await balances.drifts() == []
    assert await database.fetch_value("SELECT count(*) FROM ledger_fresh") == 0
    kept = await database.fetch_value(
        """SELECT t.debit_fen FROM ledger_balance t JOIN ledger_account a ON a.id = t.account_id WHERE a.code = $1""",
        WORK.code,
    )
    assert kept == 25_000 + 2 * sum(range(1, (posted + 11) // 12 * 12 + 1))


async def test_raw_sql_changes_no_balance(db: None) -> None:
    await post(*PAID_WORK)
    await balances.fold()
    for change in (
        "UPDATE ledger_balance SET debit_fen = debit_fen + 1",
        "DELETE FROM ledger_balance",
        "INSERT INTO ledger_fresh (account_id, period_id, debit_fen, credit_fen) VALUES (1, 1, 1, 0)",
    ):
        await refused("ledger_balance_is_summed", change)


async def test_months_close_in_their_order_once_they_are_over(db: None) -> None:
    who = await closer()
    await post(*PAID_WORK, entry("december", WORK, OWED, 1, EntryKind.ACCRUAL, DECEMBER))
    with clock.travelled_to(datetime(2026, 11, 30, 2, tzinfo=UTC)), pytest.raises(MonthStillRuns):
        await close_month(who, NOVEMBER)
    with clock.travelled_to(datetime(2027, 1, 5, 2, tzinfo=UTC)):
        with pytest.raises(EarlierMonthOpen, match="2026-11"):
            await close_month(who, DECEMBER)
        await refused("ledger_period_in_order", CLOSE_DECEMBER, datetime(2027, 1, 5, 2, tzinfo=UTC), who.actor)
        await close_month(who, NOVEMBER)
        with pytest.raises(MonthClosed):
            await close_month(who, NOVEMBER)
        await refused(
            "ledger_period_in_order",
            "INSERT INTO ledger_period (starts_on, ends_on) VALUES ('2026-10-01', '2026-11-01')",
        )
    await refused("ledger_period_in_order", CLOSE_DECEMBER, datetime(2026, 12, 31, 12, tzinfo=UTC), who.actor)


async def test_a_district_does_not_close_the_citys_month(db: None) -> None:
    district = await work.officer("district", Permission.LEDGER_CLOSE)
    with pytest.raises(NotPermitted):
        await close_month(district, NOVEMBER)


async def test_a_month_opens_with_what_the_one_before_closed_with(db: None) -> None:
    money = await settled_work.approved(people=1)
    city = await closer()
    begun = clock.today().replace(day=1)
    following = (begun.replace(day=28) + (DECEMBER - NOVEMBER)).replace(day=1)
    with clock.travelled_to(datetime(following.year, following.month, 3, 2, tzinfo=UTC)):
        await close_month(city, begun)
        batch = await _settle(money)
        async with client(city) as http:
            seen = (await http.get("/ledger", params={"month": following.isoformat()})).text
            past = (await http.get("/ledger", params={"month": begun.isoformat()})).text
    assert "月初余额" in seen
    assert f"clearing:{batch}" in seen
    assert f"clearing:{batch}" not in past
    assert "不再变化" in past
    for month, balance in ((begun, -50_000), (following, 0)):
        rows = {row.handle.split(":")[0]: row for row in await books.trial_balance(city, month)}
        assert rows["payable"].balance_fen == balance
        assert sum(row.balance_fen for row in rows.values()) == 0
    assert rows["payable"].opening_fen == -50_000
    found = await books.statement(city, rows["payable"].handle, 0, 50, following)
    assert [row.balance_fen for row in found.rows] == [0]
    assert found.months == (following, begun)


async def _settle(money: settled_work.Money) -> str:
    from procurement.settlement import payout, service

    desk = money.desk
    batch = await service.compute_batch(desk.clerk, work.DISTRICT, *settled_work.PERIOD, "late")
    await payout.approve_batch(desk.approver, batch.id)
    await payout.pay_batch(desk.cashier, batch.id)
    return batch.reference


async def test_the_page_closes_the_oldest_month_that_is_over(db: None) -> None:
    await settled_work.approved(people=1)
    who = await closer()
    begun = clock.today().replace(day=1)
    async with client(who) as http:
        assert "close-month" not in (await http.get("/ledger")).text
        assert (await http.post(f"/ledger/months/{begun}/close")).status_code == 409
        with clock.travelled_to(datetime(2027, 2, 5, 2, tzinfo=UTC)):
            assert "close-month" in (await http.get("/ledger")).text
            assert (await http.post(f"/ledger/months/{begun}/close")).status_code == 303
            months = (await http.get("/api/v1/ledger/months")).json()
    assert [month["month"] for month in months if month["closed_at"]] == [begun.isoformat()]
