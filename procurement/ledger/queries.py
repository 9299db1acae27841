"""Reading the ledger: the trial balance and an account's statement."""

from dataclasses import dataclass
from datetime import date

from app.core import database


@dataclass(frozen=True, slots=True)
class Balance:
    """An account and its balance in fen, debit positive."""

    code: str
    kind: str
    balance_fen: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting on an account with the balance after it."""

    transaction_id: int
    booked_on: date
    kind: str
    source_type: str
    source_id: int
    amount_fen: int
    balance_fen: int


async def trial_balance(code_prefix: str = "") -> list[Balance]:
    """Return the balance of every account that was ever posted to; over all accounts they sum to zero."""
    rows = await database.fetch(
        """SELECT a.code, a.kind, sum(t.debit_fen - t.credit_fen)::bigint AS balance_fen
           FROM ledger_total t JOIN ledger_account a ON a.id = t.account_id
           WHERE a.code LIKE $1 || '%' GROUP BY a.code, a.kind ORDER BY a.code""",
        code_prefix,
    )
    return [Balance(**row) for row in rows]


async def statement(account_code: str) -> list[StatementLine]:
    """Return an account's postings in order of booking, with the running balance."""
    rows = await database.fetch(
        """SELECT t.id AS transaction_id, t.booked_on, t.kind, t.source_type, t.source_id, p.amount_fen,
                  sum(p.amount_fen) OVER (ORDER BY t.booked_on, p.id)::bigint AS balance_fen
           FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
           JOIN ledger_transaction t ON t.id = p.transaction_id
           WHERE a.code = $1 ORDER BY t.booked_on, p.id""",
        account_code,
    )
    return [StatementLine(**row) for row in rows]
