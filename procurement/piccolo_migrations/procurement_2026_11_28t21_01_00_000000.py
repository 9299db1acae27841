"""A round of quotations stays among those it was opened to; one complete round for each purchase."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one complete round among those who were named"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "rounds.sql")
