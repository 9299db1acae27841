"""Orders are answered within a clock, refusals have a reason."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:43:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the clock of answering"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "answering.sql")
