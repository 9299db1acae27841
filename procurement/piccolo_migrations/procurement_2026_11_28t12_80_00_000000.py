"""How contracts are paid."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:80:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "advances, milestones and what each accepted unit brings"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "payments.sql")
