"""An order lies within the hours of its village, whoever writes it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "orders lie within their village's hours"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "hours_kept.sql")
