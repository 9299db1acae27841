"""`fahui hours verify`: does every person's chain of hours hold?"""

import sys

import click

from app.commands.running import with_database
from volunteers.hours.queries import verify_chains


@click.group()
def hours() -> None:
    """Look after volunteers' hours."""


@hours.command()
@with_database
async def verify() -> None:
    """Compute every chain again. Exit 1 on a fault, naming the person's id and the first broken entry."""
    report = await verify_chains()
    click.echo(f"{report.entries} entries of {report.people} people")
    for found in report.breaks:
        click.echo(f"FAULT person {found.person_id}, entry {found.number}: {found.fault}", err=True)
    if not report.sound:
        sys.exit(1)
    click.echo("Every chain holds.")
