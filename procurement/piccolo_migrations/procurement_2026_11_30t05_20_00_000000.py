"""Many approvals of one person and day count as many, however many statements they are split into."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T05:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "approvals of a day"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "approval_tallies.sql")
