"""An organization states its qualification for public fundraising."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T22:60:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "qualification for public fundraising"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "marketplace", __file__, "public_fundraising.sql")
