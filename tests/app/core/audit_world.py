"""What the tests of the audit chain share: events, and the owner's hand that tampers with them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.core import audit, audit_chain, database, embedded
from app.core.access import system_principal
from app.core.audit import Entry
from app.core.audit_verify import unsealed_tail

PROGRAM = system_principal()


async def write_events(count: int, first: int = 1) -> None:
    """Commit ``count`` events, each about another object."""
    async with database.transaction():
        await audit.record_many(
            PROGRAM, [Entry("thing:made", "thing", first + n, {"code": f"C{n}", "parts": [n]}) for n in range(count)]
        )


async def seal_all() -> int:
    """Seal until no event waits; other databases of the server may hold the snapshot's xmin back for a moment."""
    sealed = 0
    for _ in range(200):
        sealed += await audit_chain.seal()
        if (await unsealed_tail()).events == 0:
            return sealed
        await asyncio.sleep(0.05)
    raise AssertionError("the tail was not sealed within ten seconds")


@asynccontextmanager
async def as_owner(database_name: str) -> AsyncIterator[Any]:
    """Connect as the owner with triggers and foreign keys off: the tamperer with full rights."""
    connection = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, database_name))
    try:
        await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()
