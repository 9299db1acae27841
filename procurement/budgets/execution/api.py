"""Execution for programs: a line month by month, and what everybody may see of a year."""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.web.api import Page
from app.web.guards import CurrentPrincipal, public, requires
from procurement.budgets import queries as budgets
from procurement.budgets.execution import queries, rules
from procurement.budgets.execution.rules import Month
from procurement.budgets.rules import Fund
from procurement.reading import MONEY, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class MonthBody(msgspec.Struct):
    """A month: what moved in it, and the share spent by its end beside the share of the year that had passed."""

    month: Annotated[int, _example(3)]
    approved_fen: Annotated[int, _example(0)]
    reserved_fen: Annotated[int, _example(600_000)]
    committed_fen: Annotated[int, _example(-180_000)]
    spent_fen: Annotated[int, _example(180_000)]
    rate: Annotated[float | None, _example(0.24)]
    expected: Annotated[float, _example(0.2466)]

    @classmethod
    def of(cls, month: Month) -> "MonthBody":
        """Return what a program sees of a month."""
        moved = month.moved
        return cls(
            month.month, moved.approved, moved.reserved, moved.committed, moved.spent, month.rate, month.expected
        )  # fmt: skip


class PlaceBody(msgspec.Struct):
    """A place's budget of a year in one kind of money; the two kinds are never added up.

    Without what was spent where it would tell the pay of too few people.
    """

    place_code: Annotated[str, _example("330106")]
    fund: Fund
    approved_fen: Annotated[int, _example(300_000_000)]
    spent_fen: Annotated[int | None, _example(180_000_000)]
    rate: Annotated[float | None, _example(0.6)]


class YearBody(msgspec.Struct):
    """A year's budgets; ``expected`` is the share of the year that has passed."""

    year: Annotated[int, _example(2026)]
    expected: Annotated[float, _example(0.75)]
    places: list[PlaceBody]


@get(
    "/budgets/{year:int}/{place_code:str}/{programme:str}/months",
    guards=[requires(*MONEY)],
    summary="Show a line month by month",
)
async def list_months(
    year: FromPath[int], place_code: FromPath[str], programme: FromPath[str], principal: CurrentPrincipal
) -> Page[MonthBody]:
    """What moved in each month of a budget line, and how far it was spent by its end."""
    line = await budgets.line(reading_scope(principal, *MONEY), year, place_code, programme)
    moved = (await queries.months_of([line.id]))[line.id]
    return Page([MonthBody.of(month) for month in rules.months(moved, year, clock.today())])


@get("/disclosure/budgets", guards=[public], summary="Public budgets and their execution by place")
async def list_disclosed(year: FromQuery[int | None] = None) -> YearBody:
    """Every place's budget of a year and how much of it is spent, fiscal and donated money apart."""
    chosen, _, lines = await queries.public_lines(year)
    places = [
        PlaceBody(
            one.place_code, one.fund, one.approved_fen, *((None, None) if one.hidden else (one.spent_fen, one.rate))
        )
        for one in lines
    ]
    return YearBody(chosen, rules.time_share(chosen, clock.today()) if chosen else 0.0, places)
