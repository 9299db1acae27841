"""Sign-ups keep to the travel times that somebody knows."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:44:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "known ways"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "volunteers", __file__, "known_ways.sql")
