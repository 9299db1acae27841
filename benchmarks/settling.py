"""A province's year: claims accrued, priced, approved, batched, booked and paid, beside COPY of the same rows.

The limit is what PostgreSQL takes to COPY the very rows that we wrote into the very tables, with their indexes and
triggers enabled, into a database that holds the same confirmed work. 10⁴ and 10⁵ claims are measured;
FAHUI_BENCH=full adds 10⁶.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import asyncpg

from app.core import clock, database, embedded, migrations, storage
from benchmarks.alone import measured_alone
from procurement.claims import accrual
from procurement.demonstration.paying import approve_looked_through
from procurement.ledger import balances
from procurement.settlement import payout, service
from tests.procurement import attended_work as work

SIZES, LARGEST = (10_000, 100_000), 1_000_000
RATIO_AIM, MEMORY_AIM_MB, GROWTH_AIM = 4.0, 1024, 1.3
CHUNK = 5_000
EMPTY = "bench_empty"
MONTHS = [(date(2026, n, 1), date(2026, n + 1, 1) if n < 12 else date(2027, 1, 1)) for n in range(1, 13)]
SHIFTS_EACH = 150  # over the year, half a day each, at 9 in the morning
COPIED = {
    "claim": "",
    "ledger_period": "",
    "settlement_batch": "",
    "settlement_payment": "",
    "settlement_item": "",
    "ledger_account": "",
    "ledger_transaction": "",
    "ledger_posting": "",
    "budget_movement": "WHERE source_type <> 'appropriation'",
    "audit_event": "WHERE object_type IN ('claim', 'settlement_batch')",
    "bank_file": "",
}
BEGINNINGS = {
    "claim": {"status": "'accrued'", "approved_by": "NULL::bigint", "approved_at": "NULL::timestamptz"},
    "settlement_batch": {
        "status": "'computed'",
        **{f"{step}_by": "NULL::bigint" for step in ("approved", "paid")},
        **{f"{step}_at": "NULL::timestamptz" for step in ("approved", "paid")},
    },
    "settlement_payment": {"status": "'pending'"},
}


async def measure() -> None:
    """Measure and print the curve."""
    sizes = (*SIZES, LARGEST) if os.environ.get("FAHUI_BENCH") == "full" else SIZES
    server = embedded.dsn(embedded.OWNER_ROLE, "postgres")
    await storage.create_database(server, EMPTY)
    await migrations.upgrade(embedded.dsn(embedded.OWNER_ROLE, EMPTY))
    each: list[float] = []
    for size in sizes:
        mine, theirs = await _one(server, size)
        each.append(mine / size)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        reached = mine / theirs <= RATIO_AIM and memory <= MEMORY_AIM_MB
        print(
            f"  {f'settled, {size:,} claims':28} {mine:7.1f} s  COPY of the same rows {theirs:7.1f} s  ratio"
            f" {mine / theirs:.2f} (aim {RATIO_AIM})  {memory:.0f} MB (aim {MEMORY_AIM_MB})"
            f" {'reached' if reached else 'NOT reached'}",
            flush=True,
        )
    await storage.drop_database(server, EMPTY)
    growth = max(each) / min(each)
    print(f"  {'':28} the dearest claim / the cheapest {growth:.2f} (linear: at most {GROWTH_AIM})", flush=True)


async def _one(server: str, size: int) -> tuple[float, float]:
    """Settle so many claims, then COPY what came of it; return the seconds of both."""
    ours, limit = f"bench_{size}", f"bench_{size}_copy"
    await storage.create_database(server, ours, EMPTY)
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, ours), pool_size=4)
    from app.composition import write_seeds

    await write_seeds()
    desk = await work.desk(10**12)
    await _confirmed_work(ours, size)
    await database.disconnect()
    await storage.create_database(server, limit, ours)
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, ours), pool_size=4)
    began = time.perf_counter()
    await _settle(desk, size)
    mine = time.perf_counter() - began
    await database.disconnect()
    theirs = await _copied(ours, limit)
    for name in (ours, limit):
        await storage.drop_database(server, name)
    return mine, theirs


async def _settle(desk: work.Desk, size: int) -> None:
    done = await accrual.accrue(clock.now())
    if done.attendances != size:
        raise RuntimeError(f"{done} of {size}")
    ids = [0]
    while ids := [row["id"] for row in await database.fetch(_NEXT, CHUNK, ids[-1])]:
        await approve_looked_through(desk.claims, ids)
    for month in MONTHS:
        batch = await service.compute_batch(desk.clerk, work.DISTRICT, *month, f"bench {month[0]}")
        await payout.approve_batch(desk.approver, batch.id)
        await payout.pay_batch(desk.cashier, batch.id)
    await balances.fold()


_NEXT = "SELECT id FROM claim WHERE status = 'accrued' AND id > $2 ORDER BY id LIMIT $1"


async def _confirmed_work(name: str, size: int) -> None:
    """Write confirmed shifts of as many people as it takes, past the triggers: how they come about is not measured."""
    person = await work.person("Payee 0")
    await work.attended(person, day=MONTHS[0][0], kind="lecture")
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    await owner.execute("SET session_replication_role = replica")
    values = {"person": person, "people": max(1, size // SHIFTS_EACH), "size": size}
    for statement in CONFIRMED:
        await owner.execute(statement.format(**values))
    await owner.execute("ANALYZE")
    await owner.close()


CONFIRMED = (
    "DELETE FROM fact",
    """INSERT INTO account (id, display_name, subject_key_id, created_at) OVERRIDING SYSTEM VALUE
       SELECT 1000000 + n, 'P', (SELECT subject_key_id FROM person WHERE id = {person}), now()
       FROM generate_series(0, {people} - 1) AS n""",
    """INSERT INTO person (id, account_id, name, gender, corps, subject_key_id, bank_name, bank_account_sealed,
                           home_place_id, home_east_m, home_north_m, privacy_notice, consented_at, joined_at)
       OVERRIDING SYSTEM VALUE
       SELECT 1000000 + n, 1000000 + n, 'Payee ' || n, x.gender, x.corps, x.subject_key_id, x.bank_name,
              x.bank_account_sealed, x.home_place_id, 0, 0, '1', now(), now()
       FROM person x, generate_series(0, {people} - 1) AS n WHERE x.id = {person}""",
    """INSERT INTO assignment (id, kind, title_zh, place_id, station_id, east_m, north_m, starts, ends, status,
                               compensation, insured, created_by, created_at) OVERRIDING SYSTEM VALUE
       SELECT 1000000 + n, 'duty', 'T', x.place_id, x.station_id, 0, 0, at, at + interval '3 hours', 'open', 'subsidy',
              true, x.created_by, now()
       FROM assignment x, generate_series(0, {size} / {people}) AS n,
            LATERAL (SELECT timestamptz '2026-01-02 09:00+08' + make_interval(days => n * 12 / 5) AS at) AS wall
       WHERE x.id = (SELECT min(id) FROM assignment)""",
    """INSERT INTO position (id, assignment_id, number, role_zh, minimum, capacity) OVERRIDING SYSTEM VALUE
       SELECT 1000000 + n, 1000000 + n, 1, 'R', 1, 1000000 FROM generate_series(0, {size} / {people}) AS n""",
    """INSERT INTO sign_up (id, position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
       OVERRIDING SYSTEM VALUE
       SELECT 1000000 + n, a.id, a.id, 1000000 + n % {people}, a.starts, a.ends, 'completed', 'self', now()
       FROM generate_series(0, {size} - 1) AS n JOIN assignment a ON a.id = 1000000 + n / {people}""",
    """INSERT INTO attendance (id, sign_up_id, outcome, arrived_at, left_at, minutes, confirmed_by, confirmed_at)
       OVERRIDING SYSTEM VALUE
       SELECT s.id, s.id, 'attended', s.starts, s.ends, 180, s.person_id, s.ends
       FROM sign_up s WHERE s.id >= 1000000""",
    """INSERT INTO fact (topic, subject_id, occurred_at)
       SELECT 'attendance_confirmed', id, confirmed_at FROM attendance WHERE id >= 1000000 ORDER BY id""",
)


async def _copied(source: str, target: str) -> float:
    """COPY what the run wrote into a database that holds the same work; return the seconds that writing took."""
    reader = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, source))
    writer = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, target))
    folder = Path(tempfile.mkdtemp(prefix="fahui-copied-"))
    columns: dict[str, list[str]] = {}
    for table, where in COPIED.items():
        columns[table] = [row["attname"] for row in await reader.fetch(_COLUMNS, table)]
        begin = BEGINNINGS.get(table, {})
        listed = ", ".join(f"{begin[name]} AS {name}" if name in begin else name for name in columns[table])
        await reader.copy_from_query(f"SELECT {listed} FROM {table} {where} ORDER BY id", output=folder / table)
    began = time.perf_counter()
    async with writer.transaction():
        for table in COPIED:
            await writer.copy_to_table(table, source=folder / table, columns=columns[table])
    seconds = time.perf_counter() - began
    await reader.close()
    await writer.close()
    shutil.rmtree(folder)
    return seconds


_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""


async def _by_itself() -> None:
    from app.composition import compose

    compose()
    async with storage.server():
        await measure()


def main() -> int:
    """Measure this alone: `python -m benchmarks.settling`."""
    return measured_alone(_by_itself)


if __name__ == "__main__":
    sys.exit(main())
