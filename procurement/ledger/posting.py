"""Writing entries inside a use case's transaction, many at once."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from procurement.ledger.rules import Account, Entry, EntryKind, Posting


class PeriodClosed(DomainError):
    """The day lies in a closed period; corrections land in the open one."""

    code, status, message = "period_closed", 409, N_("%(day)s 所在的会计期间已结账，更正请记入当前期间。")


async def post(principal: Principal, accounts: Iterable[Account], entries: Sequence[Entry]) -> int:
    """Post entries that are not posted yet and return how many were new.

    The caller's transaction decides when they become visible; an entry whose key exists is left alone.
    """
    if not entries:
        return 0
    days = {entry.booked_on for entry in entries}
    await _open_periods(days)
    await _create_accounts(accounts)
    with_period = await _insert_transactions(principal, entries)
    await _insert_postings(entries, with_period)
    return len(with_period)


async def reverse(principal: Principal, transaction_id: int, key: str) -> int:
    """Post the exact mirror of a transaction; the database allows it once."""
    row = await database.fetch_one(
        "SELECT source_type, source_id FROM ledger_transaction WHERE id = $1", transaction_id
    )
    postings = await database.fetch(
        """SELECT a.code, p.amount_fen FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
           WHERE p.transaction_id = $1 ORDER BY p.id""",
        transaction_id,
    )
    if row is None:
        raise LookupError(transaction_id)
    mirror = Entry(
        key,
        clock.today(),
        EntryKind.REVERSAL,
        row["source_type"],
        row["source_id"],
        tuple(Posting(p["code"], -p["amount_fen"]) for p in postings),
        reverses=transaction_id,
    )
    return await post(principal, [], [mirror])


async def _open_periods(days: Iterable[date]) -> None:
    """Open the calendar months of the days, each once."""
    months = sorted({day.replace(day=1) for day in days})
    ends = [month + timedelta(days=calendar.monthrange(month.year, month.month)[1]) for month in months]
    await database.execute(
        """INSERT INTO ledger_period (starts_on, ends_on)
           SELECT * FROM unnest($1::date[], $2::date[]) ON CONFLICT DO NOTHING""",
        months,
        ends,
    )


async def _create_accounts(accounts: Iterable[Account]) -> None:
    wanted = sorted(set(accounts), key=lambda account: account.code)
    await database.execute(
        """INSERT INTO ledger_account (code, kind, budget_line_id, person_id, organization_id, place_id, currency,
                                       donated, donation_fund_id)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                                $7::text[], $8::boolean[], $9::bigint[])
           ON CONFLICT (code) DO NOTHING""",
        *database.columns(
            [
                (
                    *(a.code, a.kind.value, a.budget_line_id, a.person_id, a.organization_id, a.place_id),
                    *(a.currency, a.donated, a.donation_fund_id),
                )
                for a in wanted
            ],
            9,
        ),
    )


async def _insert_transactions(principal: Principal, entries: Sequence[Entry]) -> dict[str, int]:
    days = sorted({entry.booked_on for entry in entries})
    async with database.refusing({"ledger_period_open": PeriodClosed}, day=days[0].isoformat()):
        rows = await database.fetch(
            """INSERT INTO ledger_transaction (booked_on, period_id, kind, idempotency_key, reverses, source_type,
                                               source_id, actor_id, created_at)
               SELECT d.booked_on, period.id, d.kind, d.key, d.reverses, d.source_type, d.source_id, $7, $8
               FROM unnest($1::date[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[]) WITH ORDINALITY
                    AS d (booked_on, kind, key, reverses, source_type, source_id, place)
               JOIN ledger_period period ON d.booked_on >= period.starts_on AND d.booked_on < period.ends_on
               ORDER BY d.place
               ON CONFLICT (idempotency_key) DO NOTHING RETURNING id, idempotency_key""",
            *database.columns(
                [(e.booked_on, e.kind.value, e.key, e.reverses, e.source_type, e.source_id) for e in entries],
                6,
            ),
            principal.account_id,
            clock.now(),
        )
    return {row["idempotency_key"]: row["id"] for row in rows}


async def _insert_postings(entries: Sequence[Entry], transaction_ids: dict[str, int]) -> None:
    rows = [
        (transaction_ids[entry.key], posting.account, posting.fen)
        for entry in entries
        if entry.key in transaction_ids
        for posting in entry.postings
    ]
    inserted = await database.execute(
        """INSERT INTO ledger_posting (transaction_id, account_id, amount_fen, currency, donated)
           SELECT d.transaction_id, account.id, d.fen, account.currency, account.donated
           FROM unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY
                AS d (transaction_id, code, fen, place)
           JOIN ledger_account account ON account.code = d.code ORDER BY d.place""",
        *database.columns(rows, 3),
    )
    if inserted != len(rows):
        raise LookupError("an entry names an account that was not created")
