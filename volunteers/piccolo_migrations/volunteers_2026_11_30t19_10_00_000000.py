"""A station keeps a weekday for one of its regulars."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "regulars by weekday"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "volunteers", __file__, "regulars_by_weekday.sql")
