"""What the tests of assignments share."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.core import database, embedded


@pytest.fixture
async def crowd(database_name: str) -> AsyncIterator[None]:
    """Connect with a connection for each of 40 people; fail if the database ever saw a deadlock."""
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, database_name), pool_size=42)
    yield
    await database.disconnect()  # backends report their statistics when they end
    observer = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, database_name))
    try:
        seen = await observer.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    finally:
        await observer.close()
    assert seen == 0, f"{seen} deadlocks on our own paths"
