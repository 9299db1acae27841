"""Which database this process uses, and how it is opened, upgraded, saved and brought back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from app.core import database, embedded, migrations
from app.core.settings import settings


def application_dsn() -> str:
    """Return the address the application works through."""
    return embedded.dsn(embedded.APPLICATION_ROLE) if settings().embedded else settings().database_url


def owner_dsn() -> str:
    """Return the address of the role that owns the tables, for migrations and backups."""
    if settings().embedded:
        return embedded.dsn(embedded.OWNER_ROLE)
    return settings().database_direct_url or settings().database_url


def assumed_role() -> str | None:
    """Return the role to take on where one login serves both owner and application."""
    shared_login = not settings().embedded and not settings().database_direct_url
    return embedded.APPLICATION_ROLE if shared_login else None


async def open_pool(pool_size: int | None = None) -> None:
    """Connect this process as the application."""
    await database.connect(application_dsn(), role=assumed_role(), pool_size=pool_size)


@asynccontextmanager
async def opened(pool_size: int | None = None) -> AsyncIterator[None]:
    """Connect for a block of work."""
    await open_pool(pool_size)
    try:
        yield
    finally:
        await database.disconnect()


@asynccontextmanager
async def server() -> AsyncIterator[None]:
    """Have the embedded server run for a block; stop it afterwards only if this process started it."""
    started = settings().embedded and await asyncio.to_thread(embedded.start)
    try:
        yield
    finally:
        if started:
            await asyncio.to_thread(embedded.stop)


async def upgrade() -> None:
    """Create the database if it is the embedded one's first time, then run what migrations are due."""
    if settings().embedded:
        await create_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), embedded.DATABASE)
    await migrations.upgrade(owner_dsn())


async def create_database(server_dsn: str, name: str, template: str = "template0", strategy: str = "WAL_LOG") -> None:
    """Create a database unless it exists; the strategy is PostgreSQL's way of copying the template."""
    connection = await asyncpg.connect(server_dsn)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}')
    finally:
        await connection.close()


async def drop_database(server_dsn: str, name: str) -> None:
    """Drop a database and whoever is connected to it."""
    connection = await asyncpg.connect(server_dsn)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()
