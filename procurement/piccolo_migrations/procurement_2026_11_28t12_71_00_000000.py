"""Tenders recorded step by step."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:71:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "steps of tenders and the challenge that holds them"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "tenders.sql")
