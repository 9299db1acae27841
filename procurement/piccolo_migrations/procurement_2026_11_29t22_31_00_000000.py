"""Doubles, disputes, samples and payees that are checked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "doubles, disputes, samples, payees"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "judging_claims.sql")
