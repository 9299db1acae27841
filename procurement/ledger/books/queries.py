"""Reading the books within an officer's places: trial balance, an account's statement, the journal.

Every entry belongs to the place of the claim or batch it was made for and sums to zero by itself; so the entries
of any set of places sum to zero as well, and a district's trial balance balances like the city's.
"""

from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.ledger.engine.journal import JournalEntry, JournalLine
from procurement.ledger.rules import AccountKind, EntryKind


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account, what went in and out of it, and its balance: minor units of its currency, debit positive."""

    handle: str
    kind: AccountKind
    title_zh: str
    title_en: str
    debit_fen: int
    credit_fen: int
    balance_fen: int
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One posting with the balance after it; ``source`` is the reference of the claim or batch it was made for."""

    entry: int
    booked_on: date
    kind: EntryKind
    source: str
    amount_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An account with a page of its postings."""

    account: AccountBalance
    rows: tuple[StatementRow, ...]


# Accounts go by names that may leave the server: references, official codes, public ids, never a row's number.
_NAMED = """
named AS (
    SELECT a.id, a.code, a.kind, a.currency,
           CASE WHEN p.id IS NOT NULL THEN 'payable:person:' || p.public_id
                WHEN o.id IS NOT NULL THEN 'payable:organization:' || o.public_id
                WHEN line.id IS NOT NULL THEN 'expense:' || home.code || ':' || programme.code || ':' || line.year
                WHEN b.id IS NOT NULL THEN 'clearing:' || b.reference
                ELSE a.code END AS handle,
           coalesce(p.name, o.name_zh, home.name_zh || ' · ' || programme.name_zh || ' ' || line.year,
                    b.reference, treasury.name_zh,
                    CASE WHEN a.donated THEN donated_account_name(a.code, fund.name_zh, 'zh') END, a.code) AS title_zh,
           coalesce(p.name, nullif(o.name_en, ''), o.name_zh,
                    home.name_en || ' · ' || programme.name_en || ' ' || line.year,
                    b.reference, treasury.name_en,
                    CASE WHEN a.donated THEN donated_account_name(a.code, coalesce(nullif(fund.name_en, ''),
                         fund.name_zh), 'en') END, a.code) AS title_en
    FROM ledger_account a
    LEFT JOIN person p ON p.id = a.person_id
    LEFT JOIN organization o ON o.id = a.organization_id
    LEFT JOIN budget_line line ON line.id = a.budget_line_id
    LEFT JOIN programme ON programme.id = line.programme_id
    LEFT JOIN place home ON home.id = line.place_id
    LEFT JOIN place treasury ON treasury.id = a.place_id
    LEFT JOIN donation_fund fund ON fund.id = a.donation_fund_id
    LEFT JOIN settlement_batch b ON a.code = 'clearing:batch:' || b.id)
"""
_ENTRIES = """
entries AS (
    SELECT t.id, t.booked_on, t.kind, coalesce(c.reference, b.reference, given.reference, gift.reference, used.document,
                                                 t.source_type) AS source
    FROM ledger_transaction t
    LEFT JOIN claim c ON t.source_type = 'claim' AND c.id = t.source_id
    LEFT JOIN settlement_payment pay ON t.source_type = 'settlement_payment' AND pay.id = t.source_id
    LEFT JOIN settlement_batch b ON b.id = pay.batch_id
    LEFT JOIN (SELECT r.id, contract.reference, purchase.place_id
               FROM advance_return r
               JOIN contract ON contract.id = r.contract_id
               JOIN purchase ON purchase.id = contract.purchase_id) AS given
      ON t.source_type = 'advance_return' AND given.id = t.source_id
    LEFT JOIN gateway_entry ge ON t.source_type = 'gateway_entry' AND ge.id = t.source_id
    LEFT JOIN gift ON gift.id = ge.gift_id
    LEFT JOIN fund_use used ON t.source_type = 'fund_use' AND used.id = t.source_id
    LEFT JOIN donation_fund fund ON fund.id = coalesce(ge.fund_id, used.fund_id, CASE WHEN ge.id IS NOT NULL
        THEN (SELECT min(id) FROM donation_fund) END)  -- the payment service's own entries: where gifts began
    LEFT JOIN place ON place.id = coalesce(c.place_id, b.place_id, given.place_id, fund.place_id)
    WHERE coalesce(place.code, '') LIKE ANY ($1))
"""
_BALANCE = """
n.handle, n.kind, n.title_zh, n.title_en, n.currency,
coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0), 0)::bigint AS debit_fen,
coalesce(-sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0), 0)::bigint AS credit_fen,
sum(p.amount_fen)::bigint AS balance_fen
"""
_TRIAL_BALANCE = f"""
WITH {_NAMED}, {_ENTRIES}
SELECT {_BALANCE}
FROM ledger_posting p JOIN entries ON entries.id = p.transaction_id JOIN named n ON n.id = p.account_id
GROUP BY n.id, n.code, n.handle, n.kind, n.title_zh, n.title_en, n.currency ORDER BY n.code
"""
_STATEMENT = f"""
WITH {_NAMED}, {_ENTRIES}, the_account AS (SELECT * FROM named WHERE handle = $2),
     postings AS (
         SELECT p.id, e.booked_on, e.kind, e.source, p.transaction_id, p.amount_fen,
                sum(p.amount_fen) OVER (ORDER BY e.booked_on, p.id)::bigint AS balance_fen,
                row_number() OVER (ORDER BY e.booked_on, p.id) AS number
         FROM ledger_posting p JOIN entries e ON e.id = p.transaction_id
         JOIN the_account ON the_account.id = p.account_id),
     total AS (
         SELECT {_BALANCE} FROM postings p CROSS JOIN the_account n
         GROUP BY n.handle, n.kind, n.title_zh, n.title_en, n.currency)
SELECT total.handle, total.kind AS account_kind, total.title_zh, total.title_en, total.currency, total.debit_fen,
       total.credit_fen, total.balance_fen AS account_fen, p.transaction_id AS entry, p.booked_on, p.kind, p.source,
       p.amount_fen, p.balance_fen
FROM total LEFT JOIN postings p ON p.number > $3 AND p.number <= $3 + $4 ORDER BY p.number
"""
_JOURNAL = f"""
WITH {_ENTRIES}
SELECT t.id, t.booked_on, t.kind AS narration, t.source_type || '-' || t.source_id AS payee,
       array_agg(a.code ORDER BY p.id) AS codes, array_agg(a.kind ORDER BY p.id) AS kinds,
       array_agg(p.amount_fen ORDER BY p.id) AS amounts,
       array_agg(p.currency ORDER BY p.id) AS currencies
FROM entries JOIN ledger_transaction t ON t.id = entries.id JOIN ledger_posting p ON p.transaction_id = t.id
JOIN ledger_account a ON a.id = p.account_id
GROUP BY t.id ORDER BY t.booked_on, t.id
"""


async def trial_balance(principal: Principal) -> list[AccountBalance]:
    """Return every account that was posted to for the officer's places; the balances sum to zero."""
    rows = await database.fetch(_TRIAL_BALANCE, _patterns(principal))
    return [AccountBalance(**{**row, "kind": AccountKind(row["kind"])}) for row in rows]


async def statement(principal: Principal, handle: str, offset: int, size: int) -> Statement:
    """Return an account's postings from an offset, in order of booking, with the running balance."""
    rows = await database.fetch(_STATEMENT, _patterns(principal), handle, offset, size)
    if not rows:
        raise NotFound
    first = rows[0]
    account = AccountBalance(
        first["handle"],
        AccountKind(first["account_kind"]),
        first["title_zh"],
        first["title_en"],
        first["debit_fen"],
        first["credit_fen"],
        first["account_fen"],
        first["currency"],
    )
    return Statement(account, tuple(_line(row) for row in rows if row["entry"] is not None))


async def journal(principal: Principal) -> tuple[list[JournalEntry], list[tuple[str, str]]]:
    """Return every entry for the officer's places, and (code, kind) of the accounts they name."""
    rows = await database.fetch(_JOURNAL, _patterns(principal))
    entries = [
        JournalEntry(
            row["id"], row["booked_on"], row["payee"], row["narration"],
            tuple(
                JournalLine(*line)
                for line in zip(row["codes"], row["kinds"], row["amounts"], row["currencies"], strict=True)
            ),
        )
        for row in rows
    ]  # fmt: skip
    return entries, sorted({(line.account, line.kind) for entry in entries for line in entry.lines})


def _patterns(principal: Principal) -> list[str]:
    return principal.scope(Permission.LEDGER_READ).like_patterns()


def _line(row: database.Row) -> StatementRow:
    stated = {name: row[name] for name in StatementRow.__slots__}
    return StatementRow(**{**stated, "kind": EntryKind(row["kind"])})
