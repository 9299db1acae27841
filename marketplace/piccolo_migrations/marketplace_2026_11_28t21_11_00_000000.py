"""Products are submitted within the matrix of the day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "products within the matrix"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "matrix.sql")
