"""What if: questions about a week, their answers, and what was published of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-29T00:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what if"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "volunteers", __file__, "dispatch_scenarios.sql")
