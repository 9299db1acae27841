"""The ledger for programs: the trial balance, and the totals that are public."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import PAGE, decode_cursor, encode_cursor
from procurement.ledger.books import queries as books
from procurement.ledger.disclosure import queries as disclosure
from procurement.ledger.disclosure import towns
from procurement.ledger.disclosure.controllers import Sum, summed
from procurement.ledger.disclosure.towns import Town
from procurement.ledger.rules import EntryKind


class BalanceBody(msgspec.Struct):
    """An account and its balance; fen, debit positive."""

    account: Annotated[str, msgspec.Meta(examples=["treasury:330106"])]
    kind: Annotated[str, msgspec.Meta(examples=["asset"])]
    debit_fen: Annotated[int, msgspec.Meta(examples=[0])]
    credit_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    balance_fen: Annotated[int, msgspec.Meta(examples=[-150_000])]


class TrialBalanceBody(msgspec.Struct):
    """Every account within the caller's places; ``sum_fen`` is zero, or the books are wrong."""

    accounts: list[BalanceBody]
    sum_fen: Annotated[int, msgspec.Meta(examples=[0])]


class PostingBody(msgspec.Struct):
    """One posting with the balance after it; ``source`` is the claim, batch or contract it was made for."""

    booked_on: Annotated[date, msgspec.Meta(examples=["2026-11-24"])]
    kind: EntryKind
    source: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[-25_000])]
    balance_fen: Annotated[int, msgspec.Meta(examples=[-150_000])]


class StatementBody(msgspec.Struct):
    """An account with a page of its postings, in order of booking."""

    account: BalanceBody
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
async def trial_balance(principal: CurrentPrincipal) -> TrialBalanceBody:
    """Return every account that was posted to for the caller's places."""
    rows = await books.trial_balance(principal)
    accounts = [BalanceBody(r.handle, r.kind.value, r.debit_fen, r.credit_fen, r.balance_fen) for r in rows]
    return TrialBalanceBody(accounts, sum(row.balance_fen for row in rows))


@get("/ledger/accounts/{handle:str}", guards=[requires(Permission.LEDGER_READ)], summary="Read an account")
async def show_account(
    handle: FromPath[str], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> StatementBody:
    """Return an account's postings for the caller's places, with the running balance."""
    offset = max(0, decode_cursor(cursor, int) or 0)
    found = await books.statement(principal, handle, offset, PAGE + 1)
    total = found.account
    account = BalanceBody(total.handle, total.kind.value, total.debit_fen, total.credit_fen, total.balance_fen)
    items = [
        PostingBody(row.booked_on, row.kind, row.source, row.amount_fen, row.balance_fen) for row in found.rows[:PAGE]
    ]
    return StatementBody(account, items, encode_cursor(offset + PAGE) if len(found.rows) > PAGE else None)


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
