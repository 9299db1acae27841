"""The provider proposes the early end of a contract as well."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "early ends that the provider proposes"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "contract_ends.sql")
