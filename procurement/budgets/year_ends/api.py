"""Ends of budget years for programs: list, look, prepare, close."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.web.api import Page
from app.web.guards import CurrentPrincipal, requires
from procurement.budgets.rules import Fund
from procurement.budgets.year_ends import queries, service
from procurement.budgets.year_ends.figures import year_end
from procurement.budgets.year_ends.queries import YearOfPlace
from procurement.budgets.year_ends.rules import ClosingStatus, Fate, Item, Pot, Why
from procurement.budgets.year_ends.wording import Row, closed_row, row_of
from procurement.reading import MONEY, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class YearBody(msgspec.Struct):
    """A budget year of a place; without a status nobody has prepared its end."""

    year: Annotated[int, _example(2026)]
    place_code: Annotated[str, _example("330106")]
    lines: Annotated[int, _example(4)]
    approved_fen: Annotated[int, _example(300_000_000)]
    spent_fen: Annotated[int, _example(261_000_000)]
    lapsed_fen: Annotated[int, _example(9_000_000)]
    carried_fen: Annotated[int, _example(30_000_000)]
    status: ClosingStatus | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: YearOfPlace) -> "YearBody":
        """Return what a program sees of a year."""
        return cls(
            row.year, row.place_code, row.lines, row.approved_fen, row.spent_fen, row.lapsed_fen, row.carried_fen,
            row.status, row.closed_at,
        )  # fmt: skip


class HeldBody(msgspec.Struct):
    """A part of a line's rest: the contract or claim that holds it, what becomes of it, and why."""

    pot: Pot
    reference: Annotated[str, _example("HT-2026-000012")]
    origin_year: Annotated[int, _example(2026)]
    amount_fen: Annotated[int, _example(1_200_000)]
    fate: Fate
    why: Why

    @classmethod
    def of(cls, item: Item) -> "HeldBody":
        """Return what a program sees of an item."""
        held = item.held
        return cls(held.pot, held.reference, held.origin_year, held.fen, item.fate, item.why)


class LineEndBody(msgspec.Struct):
    """A line: approved = spent + lapsed + carried, once the year is closed and as it would be closed today."""

    path: Annotated[str, _example("/buying/budgets/2026/330106/purchase")]
    fund: Fund
    approved_fen: Annotated[int, _example(300_000_000)]
    spent_fen: Annotated[int, _example(261_000_000)]
    lapsed_fen: Annotated[int, _example(9_000_000)]
    carried_fen: Annotated[int, _example(30_000_000)]
    rest: list[HeldBody]

    @classmethod
    def of(cls, row: Row) -> "LineEndBody":
        """Return what a program sees of a line."""
        rest = [HeldBody.of(item) for item in row.judged.items]
        lapsed, carried = row.judged.lapsed, row.judged.carried
        return cls(row.path, row.fund, row.approved_fen, row.spent_fen, lapsed, carried, rest)


class BlockBody(msgspec.Struct):
    """What stands in the way of closing, and where it is written."""

    code: Annotated[str, _example("year_months_open")]
    document: Annotated[str, _example("会计法")]
    article: Annotated[str, _example("第11条")]


class YearEndBody(msgspec.Struct):
    """A year's end: what became of its lines, or what would, and what stands in the way."""

    year: Annotated[int, _example(2026)]
    place_code: Annotated[str, _example("330106")]
    status: ClosingStatus | None
    closed_at: datetime | None
    lines: list[LineEndBody]
    blocks: list[BlockBody]


@get("/budget-years", guards=[requires(*MONEY)], summary="List budget years")
async def list_years(principal: CurrentPrincipal) -> Page[YearBody]:
    """The budget years of one's places, the latest first, with what was lapsed and carried of those that are closed."""
    rows = await queries.years(reading_scope(principal, *MONEY))
    return Page([YearBody.of(row) for row in rows])


@get("/budget-years/{year:int}/{place_code:str}", guards=[requires(*MONEY)], summary="Show the end of a budget year")
async def show_year(year: FromPath[int], place_code: FromPath[str], principal: CurrentPrincipal) -> YearEndBody:
    """What lapses and what is carried of each line, by the contract or claim that holds it."""
    return await _shown(principal, year, place_code)


@post(
    "/budget-years/{year:int}/{place_code:str}/preparation",
    guards=[requires(Permission.BUDGET_MANAGE)],
    summary="Prepare to close a budget year",
)
async def prepare(year: FromPath[int], place_code: FromPath[str], principal: CurrentPrincipal) -> YearEndBody:
    """Propose to close a year as it stands; another person closes it, unless money moves in between."""
    await service.prepare_year(principal, year, place_code)
    return await _shown(principal, year, place_code)


@post(
    "/budget-years/{year:int}/{place_code:str}/closing",
    guards=[requires(Permission.BUDGET_APPROVE)],
    status_code=200,
    summary="Close a budget year",
)
async def close(year: FromPath[int], place_code: FromPath[str], principal: CurrentPrincipal) -> YearEndBody:
    """Close a year that another person prepared. It stays closed."""
    await service.close_year(principal, year, place_code)
    return await _shown(principal, year, place_code)


async def _shown(principal: Principal, year: int, place_code: str) -> YearEndBody:
    await queries.require_year(reading_scope(principal, *MONEY), year, place_code)
    closing = await queries.closing(place_code, year)
    if closing and closing.status is ClosingStatus.CLOSED:
        rows = [closed_row(line) for line in await queries.closed_lines(place_code, year)]
        lines = [LineEndBody.of(row) for row in rows]
        return YearEndBody(year, place_code, closing.status, closing.closed_at, lines, [])
    found = await year_end(place_code, year)
    blocks = [BlockBody(one.code, one.source.document, one.source.article) for one in found.blocks]
    lines = [LineEndBody.of(row_of(end)) for end in found.lines]
    return YearEndBody(year, place_code, closing.status if closing else None, None, lines, blocks)
