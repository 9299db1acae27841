"""The result of a tender is recorded once and decided by its chain of approval."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "results of tenders, decided round by round"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "tender_awards.sql")
