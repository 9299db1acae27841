"""Charitable money that belongs to no gift: what it is, decided with a reason."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "unclear money"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "unclear_money.sql")
