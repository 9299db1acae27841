"""`fahui settlement recompute BATCH`: a closed batch computed anew."""

import hashlib

import click

from app.commands.running import with_database
from procurement.settlement.recompute import service


@click.group()
def settlement() -> None:
    """Look into settlement batches."""


@settlement.command()
@click.argument("batch")
@with_database
async def recompute(batch: str) -> None:
    """Compute a batch (JS-2026-000001) anew from its stored inputs; exit 1 unless every byte is the same."""
    found = await service.recompute(batch)
    for name, content in (("stored", found.stored), ("anew", found.anew)):
        click.echo(f"{name:7} {hashlib.sha256(content).hexdigest()}  {len(content)} bytes")
    for fault in found.faults:
        click.echo(fault)
    if not found.same:
        raise click.ClickException("the batch computed anew is not the one that is stored")
    click.echo("The same bytes.")
