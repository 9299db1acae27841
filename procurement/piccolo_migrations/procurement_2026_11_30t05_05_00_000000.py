"""A payment with a deduction that the bank returns is always recorded, whether its budget line has room or not."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T05:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "returns without room"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "returns_without_room.sql")
