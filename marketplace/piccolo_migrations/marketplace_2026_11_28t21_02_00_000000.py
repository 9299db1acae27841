"""Steps of a review come in their turn and move the product with them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "verdicts in their turn"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "verdicts.sql")
