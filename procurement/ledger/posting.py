"""Writing entries inside a use case's transaction, many at once."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
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
    return await _reverse(principal, {transaction_id: key})


async def reverse_many(principal: Principal, source_type: str, source_ids: Sequence[int], why: str) -> int:
    """Post the exact mirrors of all that was booked for some sources and is not reversed yet; return how many."""
    rows = await database.fetch(
        """SELECT t.id, t.idempotency_key FROM ledger_transaction t
           WHERE t.source_type = $1 AND t.source_id = ANY($2) AND t.kind <> 'reversal'
             AND NOT EXISTS (SELECT FROM ledger_transaction back WHERE back.reverses = t.id) ORDER BY t.id DESC""",
        source_type,
        source_ids,
    )
    return await _reverse(principal, {row["id"]: f"{why}:{row['idempotency_key']}" for row in rows})


async def _reverse(principal: Principal, keys: Mapping[int, str]) -> int:
    rows = await database.fetch(_BOOKED, list(keys))
    if len(rows) < len(keys):
        raise LookupError(min(set(keys) - {row["id"] for row in rows}))
    booked = {row["id"]: row for row in rows}
    mirrors = [_mirror(booked[transaction_id], key) for transaction_id, key in keys.items()]
    return await post(principal, [], mirrors)


def _mirror(booked: database.Row, key: str) -> Entry:
    postings = tuple(Posting(code, -fen) for code, fen in zip(booked["codes"], booked["amounts"], strict=True))
    about = (booked["source_type"], booked["source_id"])
    return Entry(key, clock.today(), EntryKind.REVERSAL, *about, postings, reverses=booked["id"])


async def _open_periods(days: Iterable[date]) -> None:
    """Open the calendar months of the days, each once."""
    months = sorted({day.replace(day=1) for day in days})
    ends = [month + timedelta(days=calendar.monthrange(month.year, month.month)[1]) for month in months]
    async with database.refusing({"ledger_period_in_order": PeriodClosed}, day=months[0].isoformat()):
        await database.execute(
            """INSERT INTO ledger_period (starts_on, ends_on)
               SELECT * FROM unnest($1::date[], $2::date[]) ON CONFLICT DO NOTHING""",
            months,
            ends,
        )


async def _create_accounts(accounts: Iterable[Account]) -> None:
    wanted = sorted(set(accounts), key=lambda account: account.code)
    await database.execute(
        """INSERT INTO ledger_account (code, kind, budget_line_id, person_id, organization_id, place_id, batch_id,
                                       currency, donated, donation_fund_id)
           SELECT d.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                                  $7::bigint[], $8::text[], $9::boolean[], $10::bigint[])
                AS d (code, kind, budget_line_id, person_id, organization_id, place_id, batch_id, currency, donated,
                      donation_fund_id)
           WHERE NOT EXISTS (SELECT FROM ledger_account known WHERE known.code = d.code)
           ON CONFLICT (code) DO NOTHING""",
        *database.columns([_account_row(account) for account in wanted], 10),
    )


def _account_row(a: Account) -> tuple[str | int | None, ...]:
    belongs = (a.budget_line_id, a.person_id, a.organization_id, a.place_id, a.batch_id)
    return (a.code, a.kind.value, *belongs, a.currency, a.donated, a.donation_fund_id)


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


_BOOKED = """
SELECT t.id, t.source_type, t.source_id, array_agg(a.code ORDER BY p.id) AS codes,
       array_agg(p.amount_fen ORDER BY p.id) AS amounts
FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
JOIN ledger_account a ON a.id = p.account_id WHERE t.id = ANY($1) GROUP BY t.id
"""
