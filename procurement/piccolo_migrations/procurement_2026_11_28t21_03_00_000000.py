"""A batch of any size is judged once, and in proportion to its size."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "settling at scale"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "settling.sql")
