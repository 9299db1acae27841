"""`fahui tenders again`: every recorded tender judged by the law of each step's day."""

from datetime import date, datetime

import click

from app.commands.running import with_database
from procurement.purchases import queries as purchases
from procurement.purchases.tenders import queries
from procurement.purchases.tenders.reexamining import reexamine


@click.group()
def tenders() -> None:
    """Judge recorded tenders again."""


@tenders.command()
@click.argument("references", nargs=-1)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The other day to compare with; today if none is given.")
@with_database
async def again(references: tuple[str, ...], on: datetime | None) -> None:
    """Judge tenders by the law of each step's own day, and by the law of another day; all if none is named."""
    wanted = list(references) or await queries.tender_references()
    other: date | None = on.date() if on else None
    wrong = 0
    for reference, purchase_id in zip(wanted, await purchases.purchase_ids(wanted) if wanted else [], strict=True):
        for verdict in await reexamine(purchase_id, other):
            then, now = (", ".join(block.code for block in blocks) or "ok" for blocks in (verdict.then, verdict.now))
            wrong += not verdict.still_right
            click.echo(f"{reference}  {verdict.step.kind.value:<20} then: {then:<40} now: {now}")
    click.echo(f"{len(wanted)} tenders judged again; {wrong} steps are not right by the law of their day.")
