"""Another time for an order, agreed by both sides."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:44:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "changes of time"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "changes.sql")
