"""Charitable money: real currencies, keys before money moves, one direction."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "donation guards"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "donation_guards.sql")
