"""`fahui doctor`: the settings in force, and every check of the installation."""

import sys

import click
from rich.console import Console
from rich.table import Table

from app.commands.running import with_server
from app.core import storage
from app.core.logging import described
from app.operations.doctor import Check, database_checks, file_checks, settings_in_force

SIGNS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}


@click.command()
@with_server
async def doctor() -> None:
    """Show the settings in force and check the installation; exit 1 if a check fails."""
    console = Console(soft_wrap=True)
    table = Table("setting", "in force", "meaning")
    for row in settings_in_force():
        table.add_row(*row)
    console.print(table)
    checks = file_checks() + await _database_checks()
    for check in checks:
        console.print(f"{SIGNS[check.state]} {check.name}: {check.told}", highlight=False)
    if any(check.state == "fail" for check in checks):
        sys.exit(1)


async def _database_checks() -> list[Check]:
    try:
        async with storage.opened(pool_size=2):
            return await database_checks()
    except Exception as error:  # without a connection the one finding is why there is none
        return [Check("database", "fail", f"cannot connect ({described(error)}); is it up, and created?")]
