"""The ledger for programs: the trial balance, and the totals that are public."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import PAGE, decode_cursor, encode_cursor
from procurement.ledger.books import queries as books
from procurement.ledger.books.controllers import READERS, Format, journal_of
from procurement.ledger.disclosure import queries as disclosure
from procurement.ledger.disclosure import towns
from procurement.ledger.disclosure.controllers import Sum, summed
from procurement.ledger.disclosure.towns import Town
from procurement.ledger.periods import service as closing
from procurement.ledger.periods.queries import months
from procurement.ledger.rules import EntryKind


class BalanceBody(msgspec.Struct):
    """An account, what it began with, what went in and out, and its balance; fen, debit positive."""

    account: Annotated[str, msgspec.Meta(examples=["treasury:330106"])]
    kind: Annotated[str, msgspec.Meta(examples=["asset"])]
    opening_fen: Annotated[int, msgspec.Meta(examples=[0])]
    debit_fen: Annotated[int, msgspec.Meta(examples=[0])]
    credit_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    balance_fen: Annotated[int, msgspec.Meta(examples=[-150_000])]

    @classmethod
    def of(cls, row: books.AccountBalance) -> "BalanceBody":
        """Return the body of a view."""
        amounts = (row.opening_fen, row.debit_fen, row.credit_fen, row.balance_fen)
        return cls(row.handle, row.kind.value, *amounts)


class TrialBalanceBody(msgspec.Struct):
    """Every account within the caller's places; ``sum_fen`` is zero, or the books are wrong."""

    accounts: list[BalanceBody]
    sum_fen: Annotated[int, msgspec.Meta(examples=[0])]


class MonthBody(msgspec.Struct):
    """A month of the ledger; once closed it takes no entry."""

    month: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    closed_at: datetime | None


class PostingBody(msgspec.Struct):
    """One posting with the balance after it; ``source`` is the claim, batch or contract it was made for."""

    booked_on: Annotated[date, msgspec.Meta(examples=["2026-11-24"])]
    kind: EntryKind
    source: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[-25_000])]
    balance_fen: Annotated[int, msgspec.Meta(examples=[-150_000])]


class StatementBody(msgspec.Struct):
    """An account in one month, by its first day, with a page of its postings, in order of booking."""

    account: BalanceBody
    month: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    items: list[PostingBody]
    next_cursor: str | None = None


Approved = Annotated[int, msgspec.Meta(examples=[200_000])] | None
Paid = Annotated[int, msgspec.Meta(examples=[150_000])] | None
Works = Annotated[int, msgspec.Meta(examples=[6])] | None


class TotalBody(msgspec.Struct):
    """What one programme approved and paid in one district; fen. Without amounts where too few people were paid."""

    programme: Annotated[str, msgspec.Meta(examples=["on_site"])]
    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    budget_fen: Annotated[int, msgspec.Meta(examples=[1_000_000])]
    approved_fen: Approved
    paid_fen: Paid
    works: Works


class SumBody(msgspec.Struct):
    """The same over all programmes of a district, over all districts of a programme, or of a town."""

    code: Annotated[str, msgspec.Meta(examples=["330106"])]
    approved_fen: Approved
    paid_fen: Paid
    works: Works


class TownsBody(msgspec.Struct):
    """A district's totals of one year by town; the row without a code belongs to no town."""

    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    year: Annotated[int, msgspec.Meta(examples=[2026])]
    approved_fen: Approved
    paid_fen: Paid
    towns: list[SumBody]


class DisclosureBody(msgspec.Struct):
    """The totals of one year; ``label`` says what the amounts were priced by if that is not official."""

    year: Annotated[int, msgspec.Meta(examples=[2026])]
    label: Annotated[str, msgspec.Meta(examples=["Demonstration tariff (not official)"])]
    totals: list[TotalBody]
    districts: list[SumBody]
    programmes: list[SumBody]


@get("/ledger/trial-balance", guards=[requires(Permission.LEDGER_READ)], summary="Trial balance")
async def trial_balance(principal: CurrentPrincipal, month: FromQuery[date | None] = None) -> TrialBalanceBody:
    """Return every account that was posted to for the caller's places, of all time or of a month by its first day."""
    rows = await books.trial_balance(principal, month)
    return TrialBalanceBody([BalanceBody.of(row) for row in rows], sum(row.balance_fen for row in rows))


@get("/ledger/accounts/{handle:str}", guards=[requires(Permission.LEDGER_READ)], summary="Read an account")
async def show_account(
    handle: FromPath[str],
    principal: CurrentPrincipal,
    month: FromQuery[date | None] = None,
    cursor: FromQuery[str | None] = None,
) -> StatementBody:
    """Return an account's postings of a month for the caller's places: by its first day, or the last one posted to.

    Each has the running balance. The account's sums are those of the month that was asked for, or of all time.
    """
    offset = max(0, decode_cursor(cursor, int) or 0)
    found = await books.statement(principal, handle, offset, PAGE + 1, month)
    items = [
        PostingBody(row.booked_on, row.kind, row.source, row.amount_fen, row.balance_fen) for row in found.rows[:PAGE]
    ]
    following = encode_cursor(offset + PAGE) if len(found.rows) > PAGE else None
    return StatementBody(BalanceBody.of(found.account), found.month, items, following)


@get("/ledger/journal", guards=[READERS], media_type="text/plain", summary="Download the journal")
async def read_journal(principal: CurrentPrincipal, format: FromQuery[Format] = "beancount") -> Stream:
    """Return every entry for the caller's places as a journal that Beancount or hledger can check."""
    return journal_of(principal, format)


@get("/ledger/months", guards=[requires(Permission.LEDGER_READ)], summary="Months of the ledger")
async def list_months() -> list[MonthBody]:
    """Return the months that were posted to, newest first."""
    return [MonthBody(one.starts_on, one.closed_at) for one in await months()]


@post(
    "/ledger/months/{month:date}/closing",
    guards=[requires(Permission.LEDGER_CLOSE)],
    status_code=200,
    summary="Close a month",
)
async def close_month(principal: CurrentPrincipal, month: FromPath[date]) -> list[MonthBody]:
    """Close a month, by its first day, and return all months. It is over, and the oldest open one; it stays closed."""
    await closing.close_month(principal, month)
    return [MonthBody(one.starts_on, one.closed_at) for one in await months()]


@get("/disclosure", guards=[public], summary="Public totals by programme and district")
async def public_totals(year: FromQuery[int | None] = None) -> DisclosureBody:
    """Return the public totals of a year; they equal the ledger to the fen."""
    found = await disclosure.disclosure(year)
    rows = [TotalBody(r.programme, r.place_code, r.budget_fen, *_shown(r)) for r in found.rows]
    districts = [SumBody(one.code, *_shown(one)) for one in summed(found, "place")]
    programmes = [SumBody(one.code, *_shown(one)) for one in summed(found, "programme")]
    return DisclosureBody(found.year, found.label_en, rows, districts, programmes)


@get("/disclosure/districts/{code:str}", guards=[public], summary="Public totals of a district by town")
async def public_towns(code: FromPath[str], year: FromQuery[int | None] = None) -> TownsBody:
    """Return a district's public totals by town; they sum up to the district's to the fen."""
    found = await towns.district(code, year)
    approved, paid = (None, None) if found.hidden else found.sums()
    rows = [SumBody(town.code, *_shown(town)) for town in found.towns]
    return TownsBody(code, found.whole.year, approved, paid, rows)


def _shown(row: disclosure.Total | Sum | Town) -> tuple[int | None, int | None, int | None]:
    """Return approved, paid and works, or nothing of a row that is not published."""
    return (None, None, None) if row.hidden else (row.approved_fen, row.paid_fen, row.works)
