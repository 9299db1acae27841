"""A submitted product says how much of it can be had in a month."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is submitted has a monthly capacity"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "capacity_stated.sql")
