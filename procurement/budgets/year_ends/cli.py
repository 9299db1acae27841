"""`fahui budgets close-year YEAR`: what the end of a year would do; two people do it on its page."""

import click

from app.commands.running import with_database
from app.core.access import Scope
from app.core.money import plain
from app.web import i18n
from procurement.budgets.year_ends import queries
from procurement.budgets.year_ends.figures import YearEnd, year_end
from procurement.budgets.year_ends.queries import YearOfPlace
from procurement.budgets.year_ends.rules import ClosingStatus

EVERYWHERE = Scope(place_codes=("",))


@click.group()
def budgets() -> None:
    """Look into budgets."""


@budgets.command()
@click.argument("year", type=int)
@click.option("--place", help="Only this district, by its code (330106); all that have lines of the year if none.")
@with_database
async def close_year(year: int, place: str | None) -> None:
    """Print what closing a year would take back and carry over, line by line; exit 1 if something stands in the way.

    Nothing is written: an officer prepares the closing and a second person closes it, each signed in, on the page
    /buying/budgets/year-ends or by the API.
    """
    known = [one for one in await queries.years(EVERYWHERE) if one.year == year and place in (None, one.place_code)]
    if not known:
        raise click.ClickException(f"no budget lines of {year}{f' in {place}' if place else ''}")
    blocked = 0
    for one in known:
        if one.status is ClosingStatus.CLOSED:
            _tell(one)
        else:
            found = await year_end(one.place_code, year)
            _preview(one, found)
            blocked += bool(found.blocks)
    if blocked:
        raise click.ClickException(f"{blocked} of {len(known)} places cannot be closed yet")


def _tell(one: YearOfPlace) -> None:
    lapsed, carried = plain(one.lapsed_fen, "CNY"), plain(one.carried_fen, "CNY")
    click.echo(f"{one.place_code} {one.year} closed: lapsed {lapsed}, carried {carried}")


def _preview(one: YearOfPlace, found: YearEnd) -> None:
    click.echo(f"{one.place_code} {one.year} {one.status or 'open'}")
    for end in found.lines:
        amounts, judged = end.view.amounts, end.judged
        sums = (amounts.approved, amounts.spent, judged.lapsed, judged.carried)
        words = ("approved", "spent", "would lapse", "would be carried")
        told = ", ".join(f"{word} {plain(fen, 'CNY')}" for word, fen in zip(words, sums, strict=True))
        click.echo(f"  {end.view.programme:<15} {told}")
    with i18n.speaking("en"):
        for block in found.blocks:
            click.echo(
                f"  ! {i18n.translate(block.reason)} {i18n.translate(block.remedy)} ({i18n.translate(block.value)})"
            )
