"""A budget year is closed by two people, once: what is free lapses, what is bound is paid from the next year's line."""

import pytest

from app.core import clock, database
from app.core.errors import NotFound, NotPermitted, SamePersonRefused
from procurement.blocks import Blocked
from procurement.budgets.rules import Amounts
from procurement.budgets.year_ends.service import close_year, prepare_year
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts
from tests.procurement.budgets.year_ends.ended import after, closed, closers, line_of, months_closed


async def test_what_nobody_bound_lapses_and_what_a_contract_binds_goes_over(db: None) -> None:
    here = await buying.organization()
    who, year = await closers(), clock.today().year
    await buying.signed_contract(here, await buying.people(here), quantity=10)
    line = await line_of(year)
    bound = await amounts(line)
    assert bound.committed > 0
    with after(year):
        await closed(who, year)
    rest = bound.approved - bound.committed
    assert await amounts(line) == Amounts(bound.approved, closed=bound.approved)
    assert await amounts(await line_of(year + 1)) == Amounts(bound.committed, committed=bound.committed)
    row = await database.fetch_one("SELECT lapsed_fen, carried_fen FROM year_closing_line")
    assert row == {"lapsed_fen": rest, "carried_fen": bound.committed}
