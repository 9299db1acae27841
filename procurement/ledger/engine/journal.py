"""Write entries as a Beancount or an hledger journal.

Both programs check what we promise from outside: every transaction balances to the cent, every account is
declared, and a batch's clearing account is at zero after its payout, which is what a payout booked twice breaks.
Amounts come in as minor units of their currency (fen, debit positive) and go out with its decimals, always. Nothing
but the entry at hand is held: what is read is written, however many entries there are.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from app.core.money import minor_digits, plain

CURRENCY = "CNY"
BEANCOUNT_ROOTS = {"asset": "Assets", "liability": "Liabilities", "expense": "Expenses", "equity": "Equity"}


@dataclass(frozen=True, slots=True)
class JournalAccount:
    """An account that is posted to; ``opened`` is the first day of the whole journal."""

    code: str
    kind: str
    currency: str
    opened: date


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posting; ``settled`` says that it is the last one to a clearing account whose batch was paid."""

    account: str
    kind: str
    fen: int
    currency: str = CURRENCY
    settled: bool = False


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One transaction; ``payee`` is a code, never a name."""

    id: int
    booked_on: date
    payee: str
    narration: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    """A clearing account whose batch was paid, with the day of its last posting."""

    code: str
    kind: str
    last: date


class Books(Protocol):
    """What a journal is written from, one thing after the other; each may be read several times."""

    def accounts(self) -> AsyncIterator[JournalAccount]:
        """Return the accounts by code."""

    def payees(self) -> AsyncIterator[str]:
        """Return every payee once, in order."""

    def entries(self) -> AsyncIterator[JournalEntry]:
        """Return the entries in order of booking day, then id."""

    def cleared(self) -> AsyncIterator[Cleared]:
        """Return the clearing accounts of paid batches by code."""


async def beancount(books: Books) -> AsyncIterator[str]:
    """Yield the lines of a Beancount file.

    ``tolerance_multiplier`` 0 makes Beancount strict: its default lets a cent go unnoticed.
    """
    yield f'option "operating_currency" "{CURRENCY}"'
    yield 'option "tolerance_multiplier" "0"'
    async for account in books.accounts():
        yield f"{account.opened} open {beancount_account(account.code, account.kind)} {account.currency}"
    async for entry in books.entries():
        for line in _beancount_entry(entry):
            yield line
    async for cleared in books.cleared():
        # A balance is asserted at the beginning of its day, hence the morning after the payout.
        # What is posted to it later is an error: a batch that was paid is done with.
        name, morning = beancount_account(cleared.code, cleared.kind), cleared.last + timedelta(days=1)
        yield f"{morning} balance {name} 0.00 {CURRENCY}"
        yield f"{morning} close {name}"


async def hledger(books: Books) -> AsyncIterator[str]:
    """Yield the lines of an hledger journal that passes ``check --strict ordereddates payees``."""
    currencies = {CURRENCY}
    async for account in books.accounts():
        currencies.add(account.currency)
    for currency in sorted(currencies):
        yield f"commodity 1000.{'0' * minor_digits(currency)} {currency}"
    async for account in books.accounts():
        yield f"account {hledger_account(account.code, account.kind)}"
    async for payee in books.payees():
        yield f"payee {payee}"
    async for entry in books.entries():
        for line in _hledger_entry(entry):
            yield line


def beancount_account(code: str, kind: str) -> str:
    """Return the account's Beancount name: payable:person:77 is Liabilities:Payable:Person:N77."""
    return ":".join([BEANCOUNT_ROOTS[kind], *(_component(part) for part in code.split(":"))])


def hledger_account(code: str, kind: str) -> str:
    """Return the account's hledger name: payable:person:77 is liabilities:payable:person:77."""
    return f"{BEANCOUNT_ROOTS[kind].lower()}:{code}"


def _beancount_entry(entry: JournalEntry) -> Iterator[str]:
    yield f'{entry.booked_on} * "{entry.payee}" "{entry.narration}"'
    yield f'  entry: "{entry.id}"'
    for line in entry.lines:
        yield f"  {beancount_account(line.account, line.kind)}  {_amount(line)} {line.currency}"


def _hledger_entry(entry: JournalEntry) -> Iterator[str]:
    yield ""
    yield f"{entry.booked_on} * {entry.payee} | {entry.narration}"
    for line in entry.lines:
        asserted = f" = 0.00 {CURRENCY}" if line.settled else ""
        yield f"    {hledger_account(line.account, line.kind)}  {_amount(line)} {line.currency}{asserted}"


def _component(part: str) -> str:
    return f"N{part}" if part[0].isdigit() else part.capitalize()


def _amount(line: JournalLine) -> str:
    return plain(line.fen, line.currency)
