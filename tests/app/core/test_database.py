"""The traps of the database layer are closed."""

import asyncio

import asyncpg
import pytest

from app.core import database
from app.core.database import BorrowedConnection, transaction

ONE_FACT = "INSERT INTO fact (topic, subject_id, occurred_at) VALUES ('t', $1, now())"


async def test_a_nested_transaction_is_refused_instead_of_silently_joining(db: None) -> None:
    with pytest.raises(Exception, match="already active"):
        async with transaction(), transaction():
            pass


async def test_a_failed_commit_gives_its_connection_back(db: None) -> None:
    assert database.DB.pool is not None
    size = database.DB.pool.get_max_size()
    async with asyncio.timeout(20):  # a pool that ran dry would wait for ever
        for attempt in range(size + 2):
            with pytest.raises(asyncpg.PostgresError, match="sums to nothing"):
                async with transaction():
                    await _half_written_ledger_transaction(attempt)
    assert await asyncio.wait_for(database.fetch_value("SELECT 1"), timeout=2) == 1
    assert not database.in_transaction()


async def _half_written_ledger_transaction(attempt: int) -> None:
    await database.execute(
        """INSERT INTO ledger_period (starts_on, ends_on) VALUES ('2026-01-01', '2027-01-01')
           ON CONFLICT DO NOTHING"""
    )
    await database.execute(
        """INSERT INTO ledger_transaction
               (booked_on, period_id, kind, idempotency_key, source_type, source_id, created_at)
           SELECT '2026-06-01', id, 'accrual', $1, 'test', 1, now() FROM ledger_period""",
        str(attempt),
    )


async def test_a_task_started_inside_a_transaction_cannot_borrow_its_connection(db: None) -> None:
    async with transaction():
        with pytest.raises(BorrowedConnection):
            await asyncio.create_task(database.fetch_value("SELECT 1"))
        assert await database.fetch_value("SELECT 1") == 1


async def test_a_savepoint_undoes_only_its_block(db: None) -> None:
    async with transaction():
        await database.execute("INSERT INTO attempt_window (key_sha256, window_start, attempts) VALUES ('a', now(), 1)")
        with pytest.raises(ValueError, match="inner"):
            async with database.savepoint():
                await database.execute(
                    "INSERT INTO attempt_window (key_sha256, window_start, attempts) VALUES ('b', now(), 1)"
                )
                raise ValueError("inner")
    assert await database.fetch_value("SELECT count(*) FROM attempt_window") == 1


async def test_the_application_role_does_not_own_the_tables(db: None) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")


@pytest.mark.parametrize("statement", ["UPDATE fact SET topic = 'x'", "DELETE FROM fact", "TRUNCATE fact"])
async def test_append_only_tables_refuse_every_change(db: None, statement: str) -> None:
    await database.execute("INSERT INTO fact (topic, subject_id, occurred_at) VALUES ('t', 1, now())")
    with pytest.raises((asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)):
        await database.execute(statement)


async def test_insert_once_returns_nothing_for_the_second_call(db: None) -> None:
    values = {"topic": "t", "subject_id": 7, "occurred_at": await database.fetch_value("SELECT now()")}
    assert await database.insert_once("fact", values, ("topic", "subject_id")) is not None
    assert await database.insert_once("fact", values, ("topic", "subject_id")) is None
