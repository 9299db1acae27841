"""A published tariff set that has no end is followed by one without an end, at the latest after those that have one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T05:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no days without a tariff behind a successor"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "tariff_left_open.sql")
