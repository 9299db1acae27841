"""Charitable money: funds, gifts, acknowledgements, refunds, and how it is spent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:60:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "donations"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "donations.sql")
