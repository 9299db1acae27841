"""Balances at 10⁵ postings and at 10⁷: the trial balance of a month, one account, beside a sum over postings.

The postings are made in bulk, past the triggers, and the balances as folding makes them. FAHUI_BENCH=full measures 10⁷;
otherwise 10⁵ and 10⁶.
"""

import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from app.core import database, embedded, migrations, storage
from app.core.access import Permission, Principal, Scope
from benchmarks.alone import measured_alone
from procurement.ledger import balances
from procurement.ledger.books import queries as books

SIZES, LARGEST = (100_000, 1_000_000), 10_000_000
EMPTY = "bench_books"
ACCOUNTS, ROUNDS, GROWTH_AIM = 2_000, 41, 1.5
READER = Principal(1, kind="session", scopes={Permission.LEDGER_READ: Scope(place_codes=("",))})
# Two years of months; each entry is a cost of one of twenty lines, owed to one of two thousand payees.
MADE = (
    """INSERT INTO ledger_period (starts_on, ends_on)
       SELECT at::date, (at + interval '1 month')::date
       FROM generate_series(timestamp '2025-01-01', '2026-12-01', interval '1 month') AS at""",
    """INSERT INTO ledger_account (code, kind)
       SELECT 'payable:made:' || n, 'liability' FROM generate_series(1, {accounts}) n
       UNION ALL SELECT 'expense:made:' || n, 'expense' FROM generate_series(1, 20) n""",
    """INSERT INTO ledger_transaction (id, booked_on, period_id, kind, idempotency_key, source_type, source_id,
                                       place_id, created_at) OVERRIDING SYSTEM VALUE
       SELECT n, m.starts_on + n % 28, m.id, 'accrual', 'made:' || n, 'made', n, 1 + n % {accounts} % 13, now()
       FROM generate_series(1, {size} / 2) AS n JOIN ledger_period m ON m.id = 1 + n % 24""",
    """INSERT INTO ledger_posting (transaction_id, account_id, amount_fen, period_id, place_id)
       SELECT t.id, CASE side WHEN 1 THEN {accounts} + 1 + t.id % 20 ELSE 1 + t.id % {accounts} END,
              side * (100 + t.id % 977), t.period_id, t.place_id
       FROM ledger_transaction t, (VALUES (1), (-1)) AS sides (side)""",
    """INSERT INTO ledger_balance (account_id, place_id, period_id, debit_fen, credit_fen)
       SELECT account_id, place_id, period_id, sum(greatest(amount_fen, 0)), sum(greatest(-amount_fen, 0))
       FROM ledger_posting GROUP BY account_id, place_id, period_id""",
    "ANALYZE",
)
_SUMMED = """
SELECT a.code, sum(p.amount_fen) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY a.code
"""


async def measure() -> None:
    """Measure and print."""
    sizes = (SIZES[0], LARGEST) if os.environ.get("FAHUI_BENCH") == "full" else SIZES
    server, name = embedded.dsn(embedded.OWNER_ROLE, "postgres"), "bench_balances"
    cost: dict[str, list[float]] = {}
    await storage.create_database(server, EMPTY)
    await migrations.upgrade(embedded.dsn(embedded.OWNER_ROLE, EMPTY))
    for size in sizes:
        await storage.create_database(server, name, EMPTY)
        await _fill(name, size)
        await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=2)
        if await balances.drifts():
            raise RuntimeError("the balances are not the sums of the postings")
        for what, read in _READS.items():
            cost.setdefault(what, []).append(await _least(read))
        await database.disconnect()
        await storage.drop_database(server, name)
    await storage.drop_database(server, EMPTY)
    few, many = sizes
    for what, (at_few, at_many) in cost.items():
        growth = at_many / at_few
        verdict = "" if what.startswith("a sum") else f" (aim {GROWTH_AIM}: {_verdict(growth)})"
        print(
            f"  {what:28} {at_few:8.1f} ms at {few:,} postings  {at_many:8.1f} ms at {many:,}  × {growth:.2f}{verdict}",
            flush=True,
        )


def _verdict(growth: float) -> str:
    return "reached" if growth <= GROWTH_AIM else "NOT reached"


async def _month() -> Any:
    return await database.fetch_value("SELECT max(starts_on) FROM ledger_period")


async def _trial_balance() -> None:
    await books.trial_balance(READER, await _month())


async def _account() -> None:
    await database.fetch(
        "SELECT sum(debit_fen - credit_fen) FROM ledger_total WHERE account_id = "
        "(SELECT id FROM ledger_account WHERE code = 'payable:made:7')"
    )


async def _sum() -> None:
    await database.fetch(_SUMMED)


_READS: dict[str, Callable[[], Awaitable[None]]] = {
    "trial balance of a month": _trial_balance,
    "balance of an account": _account,
    "a sum over the postings": _sum,
}


async def _least(read: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of the quickest round: what else runs on the machine only adds to it."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await read()
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken)


async def _fill(name: str, size: int) -> None:
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    await owner.execute("SET session_replication_role = replica")
    for statement in MADE:
        await owner.execute(statement.format(size=size, accounts=ACCOUNTS))
    await owner.close()


async def _by_itself() -> None:
    async with storage.server():
        await measure()


def main() -> int:
    """Measure this alone: `python -m benchmarks.balances`."""
    return measured_alone(_by_itself)


if __name__ == "__main__":
    sys.exit(main())
