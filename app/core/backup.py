"""Backup and restore with PostgreSQL's own tools, in its custom format; the master keys are never in it."""

import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.core import embedded, migrations, storage
from app.core.settings import settings

KEPT_ASIDE = "public_before_restore"


class BackupFailed(RuntimeError):
    """PostgreSQL's tool gave up; the message says why."""


class RestoreRefused(RuntimeError):
    """The restore would overwrite something or disturb somebody; the message says what to do."""


def backup(file: Path) -> int:
    """Write the whole database to a file that only this user can read, and return its size.

    An interrupted backup leaves no file.
    """
    unfinished = file.with_name(file.name + ".part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as output:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", stdout=output)
        return unfinished.rename(file).stat().st_size
    finally:
        unfinished.unlink(missing_ok=True)


async def restore(file: Path, *, replace: bool = False) -> None:
    """Bring a backup back into an empty database, then run what migrations are due since it was made.

    With ``replace`` what was there steps aside first and comes back should the restore fail.
    """
    _run("pg_restore", "--list", str(file), connected=False)  # refuses what is no backup before anything is touched
    if settings().embedded:
        await storage.create_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), embedded.DATABASE)
    async with _room_made(replace=replace):
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file))
    await migrations.upgrade(storage.owner_dsn())
    await _execute("ANALYZE")


async def unknown_master_keys(known: set[str]) -> set[str]:
    """Return ids of master keys that the database needs and the key file does not hold."""
    owner = await asyncpg.connect(storage.owner_dsn())
    try:
        rows = await owner.fetch("SELECT DISTINCT master_key_id FROM subject_key WHERE sealed_key IS NOT NULL")
    finally:
        await owner.close()
    return {row["master_key_id"] for row in rows} - known


@asynccontextmanager
async def _room_made(*, replace: bool) -> AsyncIterator[None]:
    owner = await asyncpg.connect(storage.owner_dsn())
    try:
        await _refuse_when_in_use(owner)
        tables = await owner.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if tables and not replace:
            raise RestoreRefused(f"the database holds {tables} tables; restore into an empty one, or use --replace")
        await owner.execute(f"DROP SCHEMA IF EXISTS {KEPT_ASIDE} CASCADE")
        await owner.execute(
            f"ALTER SCHEMA public RENAME TO {KEPT_ASIDE}; CREATE SCHEMA public AUTHORIZATION pg_database_owner"
        )
        try:
            yield
        except BaseException:
            await owner.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {KEPT_ASIDE} RENAME TO public")
            raise
        await owner.execute(f"DROP SCHEMA {KEPT_ASIDE} CASCADE")
    finally:
        await owner.close()


async def _refuse_when_in_use(owner: Any) -> None:
    others = await owner.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if others:
        raise RestoreRefused(
            f"{others} connections use the database; stop `fahui serve` and every `fahui worker` first"
        )


async def _execute(statement: str) -> None:
    owner = await asyncpg.connect(storage.owner_dsn())
    try:
        await owner.execute(statement)
    finally:
        await owner.close()


def _run(tool: str, *arguments: str, stdout: Any = subprocess.DEVNULL, connected: bool = True) -> None:
    """Run a tool; the password travels in the environment, where other users do not see it."""
    where = conninfo_to_dict(storage.owner_dsn())
    password = where.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    address = [f"--dbname={make_conninfo('', **where)}"] if connected else []
    done = subprocess.run(  # noqa: S603
        [_tool(tool), *address, *arguments], env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()
        raise BackupFailed(f"{tool} failed: {told}{_version_hint(told)}")


def _tool(name: str) -> str:
    if settings().embedded:
        return str(embedded.tool_path(name))
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not on the PATH; install the client programs of your PostgreSQL's version")
    return found


def _version_hint(told: str) -> str:
    if re.search("server version mismatch|unrecognized configuration parameter|unsupported version", told):
        return "\nUse the client programs of the server's own version."
    return ""
