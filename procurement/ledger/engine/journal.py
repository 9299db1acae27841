"""Write entries as a Beancount or an hledger journal.

Both programs check what we promise from outside: every transaction balances to the cent, every account is
declared, and a batch's clearing account is at zero after its payout, which is what a payout booked twice breaks.
Amounts come in as fen (debit positive) and go out with two decimals, always.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.money import minor_digits, plain

CURRENCY = "CNY"
BEANCOUNT_ROOTS = {"asset": "Assets", "liability": "Liabilities", "expense": "Expenses", "equity": "Equity"}


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posting: account code and kind as the ledger has them, amount in minor units of the currency (ISO 4217)."""

    account: str
    kind: str
    fen: int
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One transaction, in order of booking day and id; ``payee`` is a code, never a name."""

    id: int
    booked_on: date
    payee: str
    narration: str
    lines: tuple[JournalLine, ...]


def beancount(entries: Iterable[JournalEntry], accounts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a Beancount file; ``accounts`` are (code, kind) pairs.

    ``tolerance_multiplier`` 0 makes Beancount strict: its default lets a cent go unnoticed.
    """
    yield f'option "operating_currency" "{CURRENCY}"'
    yield 'option "tolerance_multiplier" "0"'
    held = list(entries)
    first = held[0].booked_on if held else date(2000, 1, 1)
    held_in = {line.account: line.currency for entry in held for line in entry.lines}
    for code, kind in accounts:
        yield f"{first} open {beancount_account(code, kind)} {held_in.get(code, CURRENCY)}"
    for entry in held:
        yield f'{entry.booked_on} * "{entry.payee}" "{entry.narration}"'
        yield f'  entry: "{entry.id}"'
        for line in entry.lines:
            yield f"  {beancount_account(line.account, line.kind)}  {_amount(line)} {line.currency}"
    for code, kind, day in _cleared(held):
        # A balance is asserted at the beginning of its day, hence the morning after the payout.
        # What is posted to it later is an error: a batch that was paid is done with.
        morning = day + timedelta(days=1)
        yield f"{morning} balance {beancount_account(code, kind)} 0.00 {CURRENCY}"
        yield f"{morning} close {beancount_account(code, kind)}"


def hledger(entries: Iterable[JournalEntry], accounts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of an hledger journal that passes ``check --strict ordereddates payees``."""
    held = sorted(entries, key=lambda entry: (entry.booked_on, entry.id))
    for currency in sorted({CURRENCY, *(line.currency for entry in held for line in entry.lines)}):
        yield f"commodity 1000.{'0' * minor_digits(currency)} {currency}"
    for code, kind in accounts:
        yield f"account {hledger_account(code, kind)}"
    for payee in sorted({entry.payee for entry in held}):
        yield f"payee {payee}"
    cleared = {code for code, _, _ in _cleared(held)}
    last_use = {line.account: entry.id for entry in held for line in entry.lines if line.account in cleared}
    for entry in held:
        yield ""
        yield f"{entry.booked_on} * {entry.payee} | {entry.narration}"
        for line in entry.lines:
            asserted = f" = 0.00 {CURRENCY}" if last_use.get(line.account) == entry.id else ""
            yield f"    {hledger_account(line.account, line.kind)}  {_amount(line)} {line.currency}{asserted}"


def beancount_account(code: str, kind: str) -> str:
    """Return the account's Beancount name: payable:person:77 is Liabilities:Payable:Person:N77."""
    return ":".join([BEANCOUNT_ROOTS[kind], *(_component(part) for part in code.split(":"))])


def hledger_account(code: str, kind: str) -> str:
    """Return the account's hledger name: payable:person:77 is liabilities:payable:person:77."""
    return f"{BEANCOUNT_ROOTS[kind].lower()}:{code}"


def _component(part: str) -> str:
    return f"N{part}" if part[0].isdigit() else part.capitalize()


def _amount(line: JournalLine) -> str:
    return plain(line.fen, line.currency)


def _cleared(entries: Sequence[JournalEntry]) -> list[tuple[str, str, date]]:
    """Return the clearing accounts whose payout is booked, with the day of their last posting."""
    paid = {line.account for entry in entries if entry.narration == "payout" for line in entry.lines}
    last: dict[str, tuple[str, date]] = {}
    for entry in entries:
        for line in entry.lines:
            if line.account in paid and line.account.startswith("clearing:"):
                last[line.account] = (line.kind, max(entry.booked_on, last.get(line.account, ("", date.min))[1]))
    return [(code, kind, day) for code, (kind, day) in sorted(last.items())]
