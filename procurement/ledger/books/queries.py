"""Reading the books within an officer's places: trial balance and an account's statement.

Every entry belongs to the place of the claim or batch it was made for and sums to zero by itself; so the entries
of any set of places sum to zero as well, and a district's trial balance balances like the city's. Balances come from
ledger_total, never from the postings: their cost does not grow with the number of entries.
"""

from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.ledger.rules import AccountKind, EntryKind


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account: what it began with, what went in and out, its balance; minor units of its currency, debits first."""

    handle: str
    kind: AccountKind
    title_zh: str
    title_en: str
    opening_fen: int
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
    """An account in one month, by its first day, with a page of its postings, and the months it was posted to."""

    account: AccountBalance
    rows: tuple[StatementRow, ...]
    month: date
    months: tuple[date, ...]


# Accounts go by names that may leave the server: references, official codes, public ids, never a row's number.
_NAMES = """
CASE WHEN p.id IS NOT NULL THEN 'payable:person:' || p.public_id
     WHEN o.id IS NOT NULL THEN 'payable:organization:' || o.public_id
     WHEN line.id IS NOT NULL
     THEN split_part(a.code, ':', 1) || ':' || home.code || ':' || programme.code || ':' || line.year
     WHEN b.id IS NOT NULL THEN 'clearing:' || b.reference
     ELSE a.code END AS handle,
a.kind, a.currency,
coalesce(p.name, o.name_zh, home.name_zh || ' · ' || programme.name_zh || ' ' || line.year,
         b.reference, treasury.name_zh, CASE WHEN a.donated THEN donated_account_name(a.code, fund.name_zh, 'zh') END,
         a.code) AS title_zh,
coalesce(p.name, nullif(o.name_en, ''), o.name_zh,
         home.name_en || ' · ' || programme.name_en || ' ' || line.year,
         b.reference, treasury.name_en,
         CASE WHEN a.donated
              THEN donated_account_name(a.code, coalesce(nullif(fund.name_en, ''), fund.name_zh), 'en') END,
         a.code) AS title_en
"""
_NAMED = """
ledger_account a
LEFT JOIN person p ON p.id = a.person_id
LEFT JOIN organization o ON o.id = a.organization_id
LEFT JOIN budget_line line ON line.id = a.budget_line_id
LEFT JOIN programme ON programme.id = line.programme_id
LEFT JOIN place home ON home.id = line.place_id
LEFT JOIN place treasury ON treasury.id = a.place_id
LEFT JOIN settlement_batch b ON b.id = a.batch_id
LEFT JOIN donation_fund fund ON fund.id = a.donation_fund_id
"""
# $1 places, $2 the first day of the month, or NULL for all that was ever booked.
_SUMS = """
sum(t.debit_fen - t.credit_fen) FILTER (WHERE m.starts_on < $2) AS opening_fen,
sum(t.debit_fen) FILTER (WHERE $2 IS NULL OR m.starts_on = $2) AS debit_fen,
sum(t.credit_fen) FILTER (WHERE $2 IS NULL OR m.starts_on = $2) AS credit_fen,
sum(t.debit_fen - t.credit_fen) AS balance_fen
"""
_KNOWN = """
ledger_total t JOIN ledger_period m ON m.id = t.period_id LEFT JOIN place ON place.id = t.place_id
WHERE coalesce(place.code, '') LIKE ANY ($1) AND ($2::date IS NULL OR m.starts_on <= $2)
"""
_IN_FEN = ", ".join(f"coalesce(s.{name}, 0)::bigint AS {name}" for name in
                    ("opening_fen", "debit_fen", "credit_fen", "balance_fen"))  # fmt: skip
_TRIAL_BALANCE = f"""
WITH s AS (SELECT t.account_id, {_SUMS} FROM {_KNOWN} GROUP BY t.account_id)
SELECT {_NAMES}, {_IN_FEN} FROM {_NAMED} JOIN s ON s.account_id = a.id ORDER BY a.code
"""
_ACCOUNT = """
SELECT a.id FROM ledger_account a WHERE a.code = coalesce(
    (SELECT 'payable:person:' || id FROM person WHERE $1 ~ '^payable:person:[0-9a-f-]{36}$'
     AND public_id = right($1, 36)::uuid),
    (SELECT 'payable:organization:' || id FROM organization WHERE $1 ~ '^payable:organization:[0-9a-f-]{36}$'
     AND public_id = right($1, 36)::uuid),
    (SELECT split_part($1, ':', 1) || ':line:' || line.id
     FROM budget_line line JOIN place ON place.id = line.place_id JOIN programme ON programme.id = line.programme_id
     WHERE $1 SIMILAR TO '(expense|yearend):%' AND place.code = split_part($1, ':', 2)
       AND programme.code = split_part($1, ':', 3) AND line.year::text = split_part($1, ':', 4)),
    (SELECT 'clearing:batch:' || b.id FROM settlement_batch b
     WHERE $1 LIKE 'clearing:%' AND b.reference = split_part($1, ':', 2)),
    CASE WHEN $1 NOT SIMILAR TO '(payable:(person|organization)|expense|yearend|clearing):%' THEN $1 END)
"""
_MONTHS = """
SELECT DISTINCT m.starts_on FROM ledger_total t JOIN ledger_period m ON m.id = t.period_id
LEFT JOIN place ON place.id = t.place_id
WHERE t.account_id = $2 AND coalesce(place.code, '') LIKE ANY ($1) ORDER BY m.starts_on DESC
"""
_SOURCE = """
SELECT coalesce(c.reference, b.reference, contract.reference, to_char(remitted.month, 'YYYY-MM'), gift.reference,
                used.document, ended.year::text, cleared_gift.reference, nullif(cleared.document, ''),
                cleared_fund.code, ge.gateway_id, t.source_type) AS source
FROM (VALUES (0)) AS once
LEFT JOIN settlement_payment pay ON t.source_type = 'settlement_payment' AND pay.id = t.source_id
LEFT JOIN settlement_batch b ON b.id = pay.batch_id
LEFT JOIN advance_return r ON t.source_type = 'advance_return' AND r.id = t.source_id
LEFT JOIN contract ON contract.id = r.contract_id
LEFT JOIN deduction_repayment repaid ON t.source_type = 'deduction_repayment' AND repaid.id = t.source_id
LEFT JOIN claim c ON c.id = CASE t.source_type WHEN 'claim' THEN t.source_id ELSE repaid.claim_id END
LEFT JOIN tax_remittance remitted ON t.source_type = 'tax_remittance' AND remitted.id = t.source_id
LEFT JOIN gateway_entry ge ON t.source_type = 'gateway_entry' AND ge.id = t.source_id
LEFT JOIN gift ON gift.id = ge.gift_id
LEFT JOIN year_closing_line closed ON t.source_type = 'year_closing_line' AND closed.id = t.source_id
LEFT JOIN year_closing ended ON ended.id = closed.closing_id
LEFT JOIN fund_use used ON t.source_type = 'fund_use' AND used.id = t.source_id
LEFT JOIN unclear_decision cleared ON t.source_type = 'unclear_decision' AND cleared.id = t.source_id
LEFT JOIN gift cleared_gift ON cleared_gift.id = cleared.gift_id
LEFT JOIN donation_fund cleared_fund ON cleared_fund.id = cleared.fund_id
"""
# $2 the month whose postings are shown, $6 the month that was asked for: NULL sums up all that was ever booked.
_STATEMENT = f"""
WITH s AS (SELECT {_SUMS.replace("$2", "$6")} FROM {_KNOWN.replace("$2", "$6")} AND t.account_id = $3),
     earlier AS (
         SELECT coalesce(sum(t.debit_fen - t.credit_fen), 0) AS fen FROM {_KNOWN} AND t.account_id = $3
           AND m.starts_on < $2),
     posted AS (
         SELECT p.transaction_id, p.amount_fen, row_number() OVER running AS number,
                sum(p.amount_fen) OVER running AS so_far
         FROM ledger_posting p JOIN ledger_transaction t ON t.id = p.transaction_id
         JOIN ledger_period m ON m.id = p.period_id LEFT JOIN place ON place.id = p.place_id
         WHERE p.account_id = $3 AND m.starts_on = $2 AND coalesce(place.code, '') LIKE ANY ($1)
         WINDOW running AS (ORDER BY t.booked_on, p.id))
SELECT {_NAMES}, {_IN_FEN}, x.transaction_id AS entry, t.booked_on, t.kind AS entry_kind, told.source, x.amount_fen,
       (earlier.fen + x.so_far)::bigint AS after_fen
FROM s CROSS JOIN earlier JOIN ({_NAMED}) ON a.id = $3
LEFT JOIN (posted x JOIN ledger_transaction t ON t.id = x.transaction_id CROSS JOIN LATERAL ({_SOURCE}) AS told)
  ON x.number > $4 AND x.number <= $4 + $5
ORDER BY x.number
"""


async def trial_balance(principal: Principal, month: date | None = None) -> list[AccountBalance]:
    """Return every account that was posted to for the officer's places; the balances sum to zero.

    With a month, by its first day: up to its end, what it began with and what went in and out in it.
    """
    rows = await database.fetch(_TRIAL_BALANCE, place_patterns(principal), month)
    return [_balance(row) for row in rows]


async def statement(principal: Principal, handle: str, offset: int, size: int, month: date | None = None) -> Statement:
    """Return an account's postings of a month from an offset, in order of booking, with the running balance.

    Without a month the postings of the last one, and the account's sums over all time.
    """
    patterns = place_patterns(principal)
    account_id = await database.fetch_value(_ACCOUNT, handle)
    months = tuple(row["starts_on"] for row in await database.fetch(_MONTHS, patterns, account_id))
    if not months or (month and month not in months):
        raise NotFound
    chosen = month or months[0]
    rows = await database.fetch(_STATEMENT, patterns, chosen, account_id, offset, size, month)
    shown = tuple(_line(row) for row in rows if row["entry"] is not None)
    return Statement(_balance(rows[0]), shown, chosen, months)


def place_patterns(principal: Principal) -> list[str]:
    """Return the codes of the places whose books the officer reads, as patterns."""
    return principal.scope(Permission.LEDGER_READ).like_patterns()


def _balance(row: database.Row) -> AccountBalance:
    stated = {name: row[name] for name in AccountBalance.__slots__}
    return AccountBalance(**{**stated, "kind": AccountKind(row["kind"])})


def _line(row: database.Row) -> StatementRow:
    return StatementRow(
        row["entry"],
        row["booked_on"],
        EntryKind(row["entry_kind"]),
        row["source"],
        row["amount_fen"],
        row["after_fen"],
    )
