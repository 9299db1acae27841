"""The first schema of this package."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-22T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "first schema"


async def forwards() -> MigrationManager:
    """Run the SQL files that lie beside this one."""
    return runs_sql(ID, "volunteers", __file__, "people.sql", "assignments.sql", "dispatch.sql")
