"""Which method a purchase may take, and what counts as splitting."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "methods of purchases and splitting"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "purchase_splitting.sql")
