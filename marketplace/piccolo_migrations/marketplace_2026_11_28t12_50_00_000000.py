"""A product's stages, one after the other."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the order of a product's stages"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "stages.sql")
