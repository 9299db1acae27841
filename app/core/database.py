"""The one way to the database: a transaction per use case, locks in id order, raw SQL by number.

Piccolo's tables and raw SQL share one connection inside ``transaction()``. The traps that this module
closes are listed in docs/adr/0003-storage.md; each has a test.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from app.core.errors import DomainError
from app.core.settings import settings

Row = dict[str, Any]
Result = TypeVar("Result")
COPY_CHUNK = 20_000
_owner: ContextVar[asyncio.Task[Any] | None] = ContextVar("transaction_owner", default=None)


class BorrowedConnection(RuntimeError):
    """A task started inside a transaction tried to use the transaction's connection."""


class Engine(PostgresEngine):
    """Piccolo's engine, refusing queries from tasks that only inherited a transaction."""

    async def check_version(self) -> None:
        """Skip the look at the server that Piccolo takes on import; `fahui doctor` checks the version."""

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run one of Piccolo's own queries."""
        _refuse_borrowing()
        return await super().run_querystring(querystring, in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run one of Piccolo's schema statements."""
        _refuse_borrowing()
        return await super().run_ddl(ddl, in_pool)


DB = Engine(config={"dsn": "postgresql:///not-connected"}, extensions=())


async def connect(dsn: str, *, role: str | None = None, pool_size: int | None = None) -> None:
    """Open the process's pool; ``role`` is assumed where one login serves owner and application."""
    DB.config = {
        "dsn": dsn,
        "min_size": 1,
        "max_size": pool_size or int(settings().pool_size),
        "server_settings": {"application_name": "fahui", **({"role": role} if role else {})},
        **({"statement_cache_size": 0} if settings().pooler else {}),
    }
    await DB.start_connection_pool()


async def disconnect() -> None:
    """Close the pool."""
    if DB.pool:
        await DB.close_connection_pool()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Run one use case atomically; nesting is refused, and a failed COMMIT gives the connection back."""
    unit = DB.transaction(allow_nested=False)
    async with unit:
        token = _owner.set(asyncio.current_task())
        try:
            yield
        finally:
            _owner.reset(token)
        try:
            await unit.commit()
        except BaseException:
            # The server has rolled back; without this mark Piccolo would try again on a dead
            # transaction and never release the connection.
            unit._rolled_back = True
            raise


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """Undo only the block when it raises."""
    point = await _current().savepoint()
    try:
        yield
    except BaseException:
        await point.rollback_to()
        raise
    await point.release()


def in_transaction() -> bool:
    """Tell whether a transaction of this very task is open."""
    return DB.current_transaction.get() is not None


async def fetch(sql: str, *values: Any) -> list[Row]:
    """Run SQL with ``$1`` places and return its rows."""
    async with _connection() as connection:
        return [dict(record) for record in await connection.fetch(sql, *values)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as it stood at one moment, read row by row through cursors."""

    connection: Any

    async def rows(self, sql: str, *values: Any, ahead: int = 500) -> AsyncIterator[Row]:
        """Yield the rows of a query; the server is asked for so many at a time, and no more are held."""
        async for record in self.connection.cursor(sql, *values, prefetch=ahead):
            yield dict(record)


@asynccontextmanager
async def snapshot() -> AsyncIterator[Snapshot]:
    """Read without writing, all queries from one moment, on a connection of its own.

    It is bound to no task: an answer that is streamed may be given up by another task than the one that began it.
    """
    if DB.pool is None:
        raise RuntimeError("the database is not connected")
    async with DB.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield Snapshot(connection)


async def fetch_one(sql: str, *values: Any) -> Row | None:
    """Run SQL and return its first row, if any."""
    async with _connection() as connection:
        record = await connection.fetchrow(sql, *values)
    return dict(record) if record else None


async def fetch_value(sql: str, *values: Any) -> Any:
    """Run SQL and return the first column of its first row."""
    async with _connection() as connection:
        return await connection.fetchval(sql, *values)


async def execute(sql: str, *values: Any) -> int:
    """Run SQL and return how many rows it touched."""
    async with _connection() as connection:
        tag = await connection.execute(sql, *values)
    words = tag.split()
    return int(words[-1]) if words and words[-1].isdigit() else 0


async def locked(table: str, ids: Iterable[int]) -> None:
    """Lock rows in id order, the order that keeps our own paths free of deadlocks."""
    await fetch(f"SELECT id FROM {table} WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(ids))


async def insert_row(table: str, values: Row) -> int:
    """Insert one row and return its id."""
    statement = _insert_statement(table, values)
    return int(await fetch_value(f"{statement} RETURNING id", *values.values()))


async def insert_once(table: str, values: Row, unique: Sequence[str], where: str = "") -> int | None:
    """Insert one row unless its unique key is taken; return the new id or None."""
    target = f"({', '.join(unique)})" + (f" WHERE {where}" if where else "")
    statement = f"{_insert_statement(table, values)} ON CONFLICT {target} DO NOTHING RETURNING id"
    found: int | None = await fetch_value(statement, *values.values())
    return found


async def update_row(table: str, row_id: int, values: Row) -> None:
    """Write the named columns of one row, and only those."""
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    await execute(f"UPDATE {table} SET {columns} WHERE id = $1", row_id, *values.values())


def decoded(json_text: str, kind: type[Result]) -> Result:
    """Read a JSON column (they come as text) as the given type."""
    return msgspec.json.decode(json_text, type=kind)


def columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turn rows into one array per column, for ``unnest($1::type[], …)`` in set-based statements."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return turned or [[] for _ in range(width)]


async def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Load many rows by COPY and return how many; constraints and triggers hold as for an INSERT."""
    count = 0
    batch: list[Sequence[Any]] = []
    async with _connection() as connection:
        for row in rows:
            batch.append(row)
            if len(batch) == COPY_CHUNK:
                count += await _copy(connection, table, columns, batch)
        count += await _copy(connection, table, columns, batch)
    return count


@asynccontextmanager
async def refusing(refusals: Mapping[str, type[DomainError]], **values: Any) -> AsyncIterator[None]:
    """Turn the violation of a named constraint into the refusal that a person understands."""
    try:
        yield
    except asyncpg.PostgresError as violation:
        refusal = refusals.get(getattr(violation, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal(**values) from violation


async def retrying(work: Callable[[], Awaitable[Result]], attempts: int = 4) -> Result:
    """Run work again after a serialization failure or a deadlock, with jitter; for raw SQL from outside only."""
    for attempt in range(attempts):
        try:
            return await work()
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            if attempt == attempts - 1:
                raise
            await asyncio.sleep(random.uniform(0.01, 0.05) * 2**attempt)
    raise AssertionError("unreachable")


async def _copy(connection: Any, table: str, columns: Sequence[str], batch: list[Sequence[Any]]) -> int:
    if not batch:
        return 0
    await connection.copy_records_to_table(table, records=batch, columns=list(columns))
    copied = len(batch)
    batch.clear()
    return copied


def _insert_statement(table: str, values: Row) -> str:
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"


def _current() -> PostgresTransaction:
    unit = DB.current_transaction.get()
    if unit is None:
        raise RuntimeError("this needs an open transaction")
    _refuse_borrowing()
    return unit


def _refuse_borrowing() -> None:
    owner = _owner.get()
    if DB.current_transaction.get() is not None and owner and owner is not asyncio.current_task():
        raise BorrowedConnection("start the task outside the transaction, or await the work in it")


@asynccontextmanager
async def _connection() -> AsyncIterator[Any]:
    if DB.current_transaction.get() is not None:
        yield _current().connection
        return
    if DB.pool is None:
        raise RuntimeError("the database is not connected")
    async with DB.pool.acquire() as connection:
        yield connection
