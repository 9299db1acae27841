"""Donated money apart from fiscal, adjustments between lines, and warnings about slow ones."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "funds, adjustments and warnings of budget lines"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "funds.sql")
