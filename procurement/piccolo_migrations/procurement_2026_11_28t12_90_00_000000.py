"""The audit view: flags with their reviews, and seeded random samples."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:90:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "flags for review and seeded random samples"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "oversight.sql")
