"""Challenges with their complaints, and what they stop."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T00:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "challenges and complaints"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "challenges.sql")
