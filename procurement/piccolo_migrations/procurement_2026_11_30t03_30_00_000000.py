"""Who waits for a settlement run, said once, and the place of a ledger entry by its source, kept as data."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "waiting claims"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "waiting_claims.sql")
