"""Keeping the balances: folding what was posted, and comparing them with the postings themselves."""

from dataclasses import dataclass

from app.core import database

STEP = 50_000  # rows for one transaction: a folding never holds up another for long


@dataclass(frozen=True, slots=True)
class Drift:
    """An account whose balance is not the sum of its postings; fen."""

    code: str
    kept_fen: int
    posted_fen: int


async def fold() -> int:
    """Add what was posted since the last time to the balances; return how many rows were folded.

    Each step is one statement of the database, so that readers see a balance before it or after it, never between;
    what a transaction posts that has not committed is not seen and stays for the next time.
    """
    folded = 0
    while True:
        step: int = await database.fetch_value("SELECT fold_ledger($1)", STEP)
        folded += step
        if step < STEP:
            return folded


async def drifts() -> list[Drift]:
    """Return the accounts whose balance is not the exact sum of all their postings; none, or something is wrong."""
    return [Drift(**row) for row in await database.fetch(_DRIFTS)]


_DRIFTS = """
WITH posted AS (
    SELECT account_id, place_id, period_id, sum(amount_fen)::bigint AS fen, sum(abs(amount_fen))::bigint AS turnover
    FROM ledger_posting GROUP BY account_id, place_id, period_id),
kept AS (
    SELECT account_id, place_id, period_id, debit_fen - credit_fen AS fen, debit_fen + credit_fen AS turnover
    FROM ledger_total)
SELECT a.code, sum(coalesce(kept.fen, 0))::bigint AS kept_fen, sum(coalesce(posted.fen, 0))::bigint AS posted_fen
FROM posted FULL JOIN kept
  ON (kept.account_id, kept.period_id, coalesce(kept.place_id, 0))
   = (posted.account_id, posted.period_id, coalesce(posted.place_id, 0))
JOIN ledger_account a ON a.id = coalesce(posted.account_id, kept.account_id)
WHERE (posted.fen, posted.turnover) IS DISTINCT FROM (kept.fen, kept.turnover)
GROUP BY a.code ORDER BY a.code
"""
