"""Searches that somebody keeps."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "saved searches"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "saved_searches.sql")
