"""`fahui ledger`: the journal for accounting programs of somebody else's; balances compared with postings."""

import asyncio
from pathlib import Path

import click

from app.commands.running import with_database
from procurement.ledger import balances
from procurement.ledger.export import EVERYWHERE, FORMATS, pieces


@click.group()
def ledger() -> None:
    """Read the ledger."""


@ledger.command()
@click.option("--format", "written_as", type=click.Choice(sorted(FORMATS)), default="beancount", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write it.")
@with_database
async def export(written_as: str, out: Path) -> None:
    """Write every entry as a journal that Beancount or hledger can check.

    Check it with `bean-check --no-cache FILE`, or with `hledger check --strict ordereddates payees -f FILE`.
    """
    entries: list[int] = []
    with await asyncio.to_thread(out.open, "w", encoding="utf-8") as file:
        async for piece in pieces(written_as, EVERYWHERE, entries.append):
            await asyncio.to_thread(file.write, piece)
    click.echo(f"{sum(entries)} entries written to {out}.")


@ledger.command()
@with_database
async def verify() -> None:
    """Compare every balance with the exact sum of its postings; exit 1 if one differs."""
    wrong = await balances.drifts()
    for drift in wrong:
        click.echo(f"{drift.code}: kept {drift.kept_fen} fen, posted {drift.posted_fen} fen")
    if wrong:
        raise click.ClickException(f"{len(wrong)} balances are not the sum of their postings")
    click.echo("Every balance is the sum of its postings.")
