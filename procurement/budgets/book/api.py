"""A budget line's book for programs: what each entry moved, and where the line stood afterwards."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.budgets import queries as budgets
from procurement.budgets.book import queries
from procurement.budgets.book.controllers import READER
from procurement.budgets.book.queries import Posting
from procurement.budgets.rules import Amounts
from procurement.reading import MONEY, reading_scope


class AmountsBody(msgspec.Struct):
    """The pots of a line in fen, and what the end of its year took out; of an entry, what it moved."""

    approved_fen: Annotated[int, msgspec.Meta(examples=[0])]
    reserved_fen: Annotated[int, msgspec.Meta(examples=[600_000])]
    committed_fen: Annotated[int, msgspec.Meta(examples=[0])]
    spent_fen: Annotated[int, msgspec.Meta(examples=[0])]
    closed_fen: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, money: Amounts) -> "AmountsBody":
        """Return what a program sees of amounts."""
        return cls(money.approved, money.reserved, money.committed, money.spent, money.closed)


class PostingBody(msgspec.Struct):
    """One entry; ``left_fen`` is what the line could still promise after it."""

    kind: Annotated[str, msgspec.Meta(examples=["reserve"])]
    source_type: Annotated[str, msgspec.Meta(examples=["purchase"])]
    reference: Annotated[str, msgspec.Meta(examples=["CG-2026-000007"])]
    actor: Annotated[str, msgspec.Meta(examples=["Chen Wei"])]
    moved_at: datetime
    change: AmountsBody
    after: AmountsBody
    left_fen: Annotated[int, msgspec.Meta(examples=[298_020_000])]

    @classmethod
    def of(cls, row: Posting) -> "PostingBody":
        """Return what a program sees of an entry."""
        return cls(
            row.kind, row.source_type, row.reference, row.actor, row.moved_at, AmountsBody.of(row.change),
            AmountsBody.of(row.after), row.after.left,
        )  # fmt: skip


@get("/budgets/{year:int}/{place_code:str}/{programme:str}/book", guards=[READER], summary="Read a budget line's book")
async def list_postings(
    year: FromPath[int],
    place_code: FromPath[str],
    programme: FromPath[str],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PostingBody]:
    """The entries of a line of one's places, the latest first."""
    line = await budgets.line(reading_scope(principal, *MONEY), year, place_code, programme)
    size = page_size(limit)
    rows = await queries.postings(line.id, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), PostingBody.of)
