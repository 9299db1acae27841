"""What was decided stays as it was decided, and goes only the ways that its rules know."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:95:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what was decided is kept"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "keeping.sql")
