"""Villages wait for months that are full."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "villages that wait"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "waiting_villages.sql")
