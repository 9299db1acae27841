"""Settlement runs: planned, capped, numbered without gaps, cleared to the fen."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "settlement runs"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "settlement_runs.sql")
