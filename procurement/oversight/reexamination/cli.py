"""`fahui purchases again`: every recorded purchase judged by the law of each step's day."""

from datetime import date, datetime

import click

from app.commands.running import with_database
from procurement.oversight.reexamination.book import open_book
from procurement.oversight.reexamination.queries import reexamine, references
from procurement.oversight.reexamination.rules import Verdict
from procurement.purchases import queries as purchases
from procurement.purchases.rules import Method

_ON = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The other day to compare with; today if none is given."
)


@click.group(name="purchases")
def purchases_group() -> None:
    """Judge recorded purchases again."""


@purchases_group.command()
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@click.option("--method", type=click.Choice([method.value for method in Method]), help="Only purchases of this method.")
@_ON
@click.option("--all-steps", is_flag=True, help="Print the steps that are in order too.")
@with_database
async def again(references: tuple[str, ...], method: str | None, on: datetime | None, all_steps: bool) -> None:
    """Judge purchases by the law of each step's own day, and by the law of another day; all if none is named."""
    await judge_again(references, [Method(method)] if method else list(Method), on, all_steps)


@click.group(name="tenders")
def tenders_group() -> None:
    """Judge recorded tenders again; `fahui purchases again` judges purchases of every method."""


@tenders_group.command(name="again")
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@_ON
@with_database
async def tenders_again(references: tuple[str, ...], on: datetime | None) -> None:
    """Judge tenders by the law of each step's own day, and by the law of another day; all if none is named."""
    await judge_again(references, [Method.TENDER], on, all_steps=True)


async def judge_again(named: tuple[str, ...], methods: list[Method], on: datetime | None, all_steps: bool) -> None:
    """Judge the named purchases, or all of some methods, and print a line for each step that is shown."""
    wanted = list(named) or await references(methods)
    other: date | None = on.date() if on else None
    book, wrong = await open_book(), 0
    for reference, purchase_id in zip(wanted, await purchases.purchase_ids(wanted) if wanted else [], strict=True):
        found = await reexamine(purchase_id, other, book)
        wrong += found.wrong
        for verdict in found.verdicts:
            if all_steps or not verdict.quiet:
                click.echo(_line(reference, verdict))
    click.echo(f"{len(wanted)} purchases judged again; {wrong} steps are not right by the law of their day.")


def _line(reference: str, verdict: Verdict) -> str:
    step = verdict.step
    then, now = (", ".join(block.code for block in blocks) or "ok" for blocks in (verdict.then, verdict.now))
    changed = "".join(
        f"  {one.key}: {one.then.value if one.then else '-'} -> {one.now.value if one.now else '-'}"
        for one in verdict.weighed
        if one.differs
    )
    name = f"{step.kind.value} {step.subject}".strip()
    return f"{reference}  {step.day}  {name:<40} then: {then:<28} now: {now}{changed}"
