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


class TotalBody(msgspec.Struct):
    """What one programme approved and paid in one district; fen."""

    programme: Annotated[str, msgspec.Meta(examples=["on_site"])]
    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    budget_fen: Annotated[int, msgspec.Meta(examples=[1_000_000])]
    approved_fen: Annotated[int, msgspec.Meta(examples=[200_000])]
    paid_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    works: Annotated[int, msgspec.Meta(examples=[6])]


class DisclosureBody(msgspec.Struct):
    """The totals of one year; ``label`` says what the amounts were priced by if that is not official."""

    year: Annotated[int, msgspec.Meta(examples=[2026])]
    label: Annotated[str, msgspec.Meta(examples=["Demonstration tariff (not official)"])]
    totals: list[TotalBody]


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
    rows = [TotalBody(r.programme, r.place_code, r.budget_fen, r.approved_fen, r.paid_fen, r.works) for r in found.rows]
    return DisclosureBody(found.year, found.label_en, rows)
