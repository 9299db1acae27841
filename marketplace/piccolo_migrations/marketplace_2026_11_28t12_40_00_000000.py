"""What a provider can deliver in a month, and the days on which it does not come."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "monthly capacity and days off"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "capacity.sql")
