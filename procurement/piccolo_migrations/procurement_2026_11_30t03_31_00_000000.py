"""A grade that brings less than was approved: reversed before it is paid, deducted from the next payment after it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "deductions"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "deductions.sql")
