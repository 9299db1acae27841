"""Schema changes: plain SQL files run by Piccolo's migration machinery, forwards only.

The schema is written in SQL because its guarantees (exclusion constraints, deferred triggers, identity
columns) have no other language; docs/adr/0003-storage.md tells the choice. Table classes map onto it and
a test compares the two.
"""

import contextlib
import io
from importlib.resources import files
from pathlib import Path

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards

from app.core import database
from app.core.embedded import APPLICATION_ROLE
from app.core.settings import settings

UPGRADE_LOCK = 7_301_001

GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APPLICATION_ROLE};
"""


class UpgradeFailed(RuntimeError):
    """A migration did not run; the message says which and why."""


def runs_sql(
    migration_id: str, app_name: str, beside: str, *names: str, procrastinate: bool = False
) -> MigrationManager:
    """Return a migration that runs the named SQL files in order, in one transaction."""
    manager = MigrationManager(migration_id=migration_id, app_name=app_name, description=", ".join(names))
    scripts = [Path(beside).with_name(name).read_text() for name in names]
    if procrastinate:
        scripts.insert(0, (files("procrastinate") / "sql" / "schema.sql").read_text())

    async def run() -> None:
        for script in scripts:
            await database.execute(script)

    manager.add_raw(run)
    return manager


async def upgrade(owner_dsn: str) -> None:
    """Bring the schema up to date and give the application's role its rights; safe to call twice at once."""
    guard = await asyncpg.connect(owner_dsn)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", UPGRADE_LOCK)
        await _create_application_role(guard)
        await database.connect(owner_dsn, pool_size=2)
        try:
            await _run_migrations()
            await database.execute(GRANTS)
        finally:
            await database.disconnect()
    finally:
        await guard.close()


async def _run_migrations() -> None:
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told):
            result = await run_forwards(app_name="all")
    except Exception as failure:
        raise UpgradeFailed(f"{told.getvalue()}\n{failure}") from failure
    if not result.success:
        raise UpgradeFailed(result.message)


async def _create_application_role(owner: asyncpg.Connection) -> None:
    if not await owner.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APPLICATION_ROLE):
        with contextlib.suppress(asyncpg.DuplicateObjectError):
            await owner.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    if settings().database_direct_url:
        return  # the application signs in by itself
    if not await owner.fetchval("SELECT pg_has_role(current_user, $1, 'MEMBER')", APPLICATION_ROLE):
        await owner.execute(f"GRANT {APPLICATION_ROLE} TO CURRENT_USER")
