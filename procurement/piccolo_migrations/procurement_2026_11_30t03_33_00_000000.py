"""Posts are named outside by a random id; a sample remembers the selection it was drawn for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "named outside"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "named_outside.sql")
