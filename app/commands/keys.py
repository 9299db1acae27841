"""`fahui keys`: the master keys that protect personal data."""

import click

from app.commands.running import telling_refusals, with_database
from app.core import key_rotation, vault
from app.core.settings import settings


@click.group()
def keys() -> None:
    """Make and rotate the master keys."""


@keys.command()
@telling_refusals
def create() -> None:
    """Make the first master keys; never over an existing file."""
    path = settings().key_file
    if path.exists():
        raise click.ClickException(f"{path} exists already; `fahui keys rotate` makes a new key in it")
    vault.create_key_file()
    click.echo(f"Made {path}. Keep a copy in a safe place apart from the backups: without it, sealed data is lost.")


@keys.command()
@click.option("--destroy-old", is_flag=True, help="Then destroy the old keys: older backups' sealed data is lost.")
@with_database
async def rotate(destroy_old: bool) -> None:
    """Make a new master key and seal every person's key with it; running processes follow by themselves."""
    rotation = await key_rotation.rotate()
    click.echo(f"The master key is {rotation.key_id} now; {rotation.resealed} personal keys were sealed anew.")
    if destroy_old:
        click.echo(f"Destroyed: {', '.join(await key_rotation.destroy_old()) or 'none'}.")
