"""A year that is over: its months closed, its closing prepared and done, for the tests of year ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.budgets.year_ends.service import close_year, prepare_year
from procurement.ledger.periods.service import close_month
from tests.procurement import buying


@dataclass(frozen=True, slots=True)
class Closers:
    """Who prepares the end of a year, who closes it, and who closes its months."""

    officer: Principal
    approver: Principal
    bookkeeper: Principal


async def closers() -> Closers:
    """Return new people, each in one role."""
    roles = (Role.PROCUREMENT_OFFICER, Role.APPROVER, Role.SETTLEMENT_APPROVER)
    return Closers(*[await buying.person_as(role) for role in roles])


@contextmanager
def after(year: int, month: int = 2, day: int = 10) -> Iterator[None]:
    """Live some weeks after the end of a year, or now if that is later."""
    then = clock.at_local(date(year + 1, month, day), time(10))
    with clock.travelled_to(max(then, clock.now())):
        yield


async def months_closed(who: Closers, year: int) -> None:
    """Close the months of a year that were posted to, and those before them."""
    rows = await database.fetch(
        "SELECT starts_on FROM ledger_period WHERE closed_at IS NULL AND starts_on < $1 ORDER BY 1",
        date(year + 1, 1, 1),
    )
    for row in rows:
        await close_month(who.bookkeeper, row["starts_on"])


async def closed(who: Closers, year: int, place: str = buying.DISTRICT) -> None:
    """Close a year that is over by two people; the caller lives after it."""
    await months_closed(who, year)
    await prepare_year(who.officer, year, place)
    await close_year(who.approver, year, place)


async def line_of(year: int, programme: str = "purchase", place: str = buying.DISTRICT) -> int:
    """Return the line of a programme, place and year."""
    found: int = await database.fetch_value(
        """SELECT l.id FROM budget_line l JOIN place ON place.id = l.place_id JOIN programme p ON p.id = l.programme_id
           WHERE (l.year, p.code, place.code) = ($1, $2, $3)""",
        *(year, programme, place),
    )
    return found
