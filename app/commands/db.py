"""`fahui db`: the schema, a backup, a restore."""

from pathlib import Path

import click

from app import composition
from app.commands.running import with_server
from app.core import backup
from app.core.key_rotation import known_key_ids


@click.group()
def db() -> None:
    """Upgrade the schema, back the database up, bring a backup back."""


@db.command()
@with_server
async def upgrade() -> None:
    """Bring the schema up to date; creates the embedded database at first. Safe to run at any time."""
    await composition.bring_up_to_date()
    click.echo("The schema is up to date.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_server
async def back_up(file: Path) -> None:
    """Write the database to FILE (PostgreSQL's custom format, mode 0600).

    The master keys are not in it; keep a copy of the key file in another place.
    """
    size = backup.backup(file)
    click.echo(f"Backed up to {file} ({size / 1e6:.1f} MB). The key file is not in it.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace what the database holds.")
@with_server
async def restore(file: Path, replace: bool) -> None:
    """Bring the backup FILE back into an empty database, and upgrade its schema."""
    await backup.restore(file, replace=replace)
    click.echo("Restored. Check it with `fahui audit verify` and `fahui doctor`.")
    missing = await backup.unknown_master_keys(known_key_ids())
    if missing:
        click.echo(f"WARNING: sealed data needs the master keys {', '.join(sorted(missing))}: bring the key file back.")
