"""Many claims are approved at once only after those drawn by chance were looked at, whoever writes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-30T03:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "samples looked at"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "samples_looked_at.sql")
