"""Purchases, frameworks and admissions go only the ways that their rules know."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.core.migrations import runs_sql

ID = "2026-11-28T12:96:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "purchases, frameworks and admissions go their ways"


async def forwards() -> MigrationManager:
    """Run the SQL file that lies beside this one."""
    return runs_sql(ID, "procurement", __file__, "keeping_ways.sql")
