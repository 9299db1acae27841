"""Yearly editions of the catalogue, and flagship projects."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "editions of the catalogue and flagship projects"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "editions.sql")
