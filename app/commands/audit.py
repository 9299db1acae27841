"""`fahui audit verify`: is the chain over the audit events whole?"""

import sys

import click

from app.commands.running import with_database
from app.core import audit_verify


@click.group()
def audit() -> None:
    """Look after the audit chain."""


@audit.command()
@with_database
async def verify() -> None:
    """Compute every hash again: contents, Merkle roots, the chain. Exit 1 on a fault, naming batch and event."""
    report = await audit_verify.verify()
    click.echo(f"{report.events} sealed events in {report.batches} batches; head {report.head.hex()}")
    click.echo(
        f"{report.tail.events} events wait for their seal, the oldest for {report.tail.age.total_seconds():.1f} s"
    )
    for fault in report.faults:
        where = f"batch {fault.batch}" + (f", event {fault.event}" if fault.event else "")
        click.echo(f"FAULT {where}: {fault.what}", err=True)
    if not report.sound:
        sys.exit(1)
    click.echo("The chain is whole.")
