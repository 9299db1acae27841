"""A year's closing that is killed at a statement: `python -m tests.procurement.budgets.year_ends.killed ABOUT`."""

from datetime import date, time

from app.core import clock
from app.core.access import Role
from procurement.budgets.year_ends.queries import closing
from procurement.budgets.year_ends.rules import ClosingStatus
from procurement.budgets.year_ends.service import close_year, prepare_year
from tests.killed import serve
from tests.procurement import buying


async def close(about: list[int]) -> None:
    """Take the steps that are still to be taken, however far a run before came: one prepares, another closes."""
    officer, approver, year = about
    with clock.travelled_to(clock.at_local(date(year + 1, 2, 10), time(11))):
        standing = await closing(buying.DISTRICT, year)
        if standing is None:
            await prepare_year(buying.acting(officer, Role.PROCUREMENT_OFFICER, buying.CITY), year, buying.DISTRICT)
        if standing is None or standing.status is not ClosingStatus.CLOSED:
            await close_year(buying.acting(approver, Role.APPROVER, buying.CITY), year, buying.DISTRICT)


if __name__ == "__main__":
    serve(close)
