"""What each bank wants its file to look like, the treasury's vouchers, and what the bank confirmed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "bank layouts, treasury vouchers, confirmations"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "bank_layouts.sql")
