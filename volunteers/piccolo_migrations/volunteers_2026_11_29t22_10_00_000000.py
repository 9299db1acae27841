"""Runs of several cities: the parts that any worker may plan."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "parts of runs"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "volunteers", __file__, "dispatch_parts.sql")
