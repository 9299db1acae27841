"""Nudges."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:81:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a provider nudges whoever holds its money"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "nudges.sql")
