"""Payments that the bank returned: recorded, booked back, paid again to a corrected account."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T21:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "returned payments"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "returned_payments.sql")
