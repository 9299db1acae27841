"""The journal read through cursors of one snapshot and written as it is read: its size costs time, never memory."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from app.core import database
from app.core.database import Row, Snapshot
from procurement.ledger.engine import journal
from procurement.ledger.engine.journal import Books, Cleared, JournalAccount, JournalEntry, JournalLine

FORMATS: Mapping[str, Callable[[Books], AsyncIterator[str]]] = {
    "beancount": journal.beancount,
    "hledger": journal.hledger,
}
EVERYWHERE = ("%",)
PIECE = 64 * 1024
"""About how many characters are handed on at once."""


@dataclass(slots=True)
class LedgerBooks:
    """The ledger of some places within one snapshot; counts the entries that were read."""

    snapshot: Snapshot
    patterns: Sequence[str]
    read: int = 0

    async def accounts(self) -> AsyncIterator[JournalAccount]:
        """Return the accounts that were posted to."""
        async for row in self.snapshot.rows(_ACCOUNTS, list(self.patterns)):
            yield JournalAccount(**row)

    async def payees(self) -> AsyncIterator[str]:
        """Return what entries were made for."""
        async for row in self.snapshot.rows(_PAYEES, list(self.patterns)):
            yield row["payee"]

    async def entries(self) -> AsyncIterator[JournalEntry]:
        """Return the entries in order of booking day, then id."""
        async for row in self.snapshot.rows(_ENTRIES, list(self.patterns)):
            self.read += 1
            yield _entry(row)

    async def cleared(self) -> AsyncIterator[Cleared]:
        """Return the clearing accounts whose payout is booked."""
        async for row in self.snapshot.rows(_CLEARED, list(self.patterns)):
            yield Cleared(row["code"], row["kind"], row["last"])


async def pieces(
    written_as: str, patterns: Sequence[str], told: Callable[[int], None] | None = None
) -> AsyncIterator[str]:
    """Yield a journal of the places in pieces of a file; ``told`` learns how many entries it has."""
    async with database.snapshot() as snapshot:
        books = LedgerBooks(snapshot, patterns)
        async for piece in in_pieces(FORMATS[written_as](books)):
            yield piece
    if told:
        told(books.read)


async def in_pieces(lines: AsyncIterator[str], size: int = PIECE) -> AsyncIterator[str]:
    """Join lines into pieces of about so many characters, none of them longer than that and one line."""
    held: list[str] = []
    length = 0
    async for line in lines:
        held.append(line)
        length += len(line) + 1
        if length >= size:
            yield "\n".join(held) + "\n"
            held, length = [], 0
    if held:
        yield "\n".join(held) + "\n"


def _entry(row: Row) -> JournalEntry:
    postings = zip(row["codes"], row["kinds"], row["amounts"], row["currencies"], row["settled"], strict=True)
    lines = tuple(JournalLine(*posting) for posting in postings)
    return JournalEntry(row["id"], row["booked_on"], row["payee"], row["narration"], lines)


_WITHIN = "LEFT JOIN place ON place.id = t.place_id WHERE coalesce(place.code, '') LIKE ANY ($1)"
_ACCOUNTS = f"""
SELECT a.code, a.kind, a.currency, (SELECT min(t.booked_on) FROM ledger_transaction t {_WITHIN}) AS opened
FROM ledger_account a WHERE a.id IN (SELECT t.account_id FROM ledger_total t {_WITHIN}) ORDER BY a.code
"""
_PAYEES = f"""
SELECT DISTINCT t.source_type || '-' || t.source_id AS payee FROM ledger_transaction t {_WITHIN} ORDER BY payee
"""
# The last posting to each clearing account that a payout emptied.
_LAST = """
SELECT DISTINCT ON (p.account_id) p.account_id, t.id AS transaction_id, t.booked_on
FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_transaction t ON t.id = p.transaction_id
WHERE a.code LIKE 'clearing:%' AND EXISTS (
    SELECT FROM ledger_posting emptied JOIN ledger_transaction paid ON paid.id = emptied.transaction_id
    WHERE emptied.account_id = a.id AND paid.kind = 'payout')
ORDER BY p.account_id, t.booked_on DESC, t.id DESC
"""
_ENTRIES = f"""
WITH last AS MATERIALIZED ({_LAST})
SELECT t.id, t.booked_on, t.kind AS narration, t.source_type || '-' || t.source_id AS payee,
       array_agg(a.code ORDER BY p.id) AS codes, array_agg(a.kind ORDER BY p.id) AS kinds,
       array_agg(p.amount_fen ORDER BY p.id) AS amounts, array_agg(p.currency ORDER BY p.id) AS currencies,
       array_agg(last.transaction_id IS NOT NULL ORDER BY p.id) AS settled
FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id JOIN ledger_account a ON a.id = p.account_id
LEFT JOIN last ON (last.account_id, last.transaction_id) = (p.account_id, t.id)
{_WITHIN} GROUP BY t.id ORDER BY t.booked_on, t.id
"""
_CLEARED = f"""
SELECT a.code, a.kind, last.booked_on AS last
FROM ({_LAST}) AS last JOIN ledger_account a ON a.id = last.account_id
JOIN ledger_transaction t ON t.id = last.transaction_id {_WITHIN} ORDER BY a.code
"""
