"""The journal leaves as it is read: nothing but the entry at hand is held, and outside programs find nothing wrong."""

import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.core import database
from procurement.ledger import export as exporting
from procurement.ledger import posting
from procurement.ledger.engine import journal
from procurement.ledger.engine.journal import Cleared, JournalAccount, JournalEntry, JournalLine
from procurement.ledger.export import EVERYWHERE, FORMATS, in_pieces, pieces
from procurement.ledger.rules import Account, AccountKind, Entry, EntryKind
from tests.procurement.ledger.test_ledger import DAY, OWED, SYSTEM, TREASURY, WORK, entry, post
from tests.procurement.ledger.test_outside_proof import bean_check, hledger_check

ENTRIES = 5_000


class Endless:
    """Books with ever more entries, which count how many were asked for and how many lines came out of them."""

    asked = 0

    async def accounts(self) -> AsyncIterator[JournalAccount]:
        """Return two accounts."""
        for code, kind in (("expense:line:1", "expense"), ("treasury:330106", "asset")):
            yield JournalAccount(code, kind, "CNY", DAY)

    async def payees(self) -> AsyncIterator[str]:
        """Return one payee."""
        yield "claim-1"

    async def entries(self) -> AsyncIterator[JournalEntry]:
        """Return entries without end."""
        while True:
            self.asked += 1
            lines = (JournalLine("expense:line:1", "expense", 5), JournalLine("treasury:330106", "asset", -5))
            yield JournalEntry(self.asked, DAY, "claim-1", "accrual", lines)

    async def cleared(self) -> AsyncIterator[Cleared]:
        """Return nothing: no entry is the last."""
        for none in ():
            yield none


@pytest.mark.parametrize("written_as", FORMATS)
async def test_an_entry_is_written_before_the_next_but_one_is_read(written_as: str) -> None:
    books, written = Endless(), 0
    async for line in FORMATS[written_as](books):
        written += line.startswith(str(DAY)) and "*" in line
        assert books.asked - written in (0, 1)
        if written == ENTRIES:
            break
    assert books.asked == ENTRIES


async def test_pieces_are_handed_on_as_soon_as_they_are_full() -> None:
    books, size = Endless(), 1_000
    async for piece in in_pieces(journal.beancount(books), size):
        assert size <= len(piece) < size + 200
        assert piece.endswith("\n")
        if books.asked > ENTRIES:
            break


async def test_the_ledger_is_read_through_cursors_a_part_at_a_time(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await post(*[entry(f"accrual:{n}", WORK, OWED, 100, EntryKind.ACCRUAL, DAY) for n in range(1_200)])
    monkeypatch.setattr(exporting, "PIECE", 500)
    text = ""
    async with database.snapshot() as snapshot:
        books = exporting.LedgerBooks(snapshot, EVERYWHERE)
        async for piece in in_pieces(journal.beancount(books), 500):
            text += piece
            assert books.read >= text.count("\n" + str(DAY) + " *") - 1
            if books.read >= 10:
                break
        monkeypatch.setattr(database, "fetch", None)  # nothing reads whole answers
    assert 0 < text.count(f"{DAY} *") < 20
    assert len([piece async for piece in pieces("hledger", EVERYWHERE)]) > 0


async def test_a_journal_is_of_one_moment(db: None) -> None:
    await post(entry("accrual:1", WORK, OWED, 100, EntryKind.ACCRUAL, DAY))
    async with database.snapshot() as snapshot:
        books = exporting.LedgerBooks(snapshot, EVERYWHERE)
        accounts = [one.code async for one in books.accounts()]
        await post(entry("accrual:2", WORK, TREASURY, 100, EntryKind.ACCRUAL, DAY))
        assert [one.id async for one in books.entries()] != []
        assert (books.read, accounts) == (1, [one.code async for one in books.accounts()])


def generated(seed: int, count: int) -> tuple[list[Account], list[Entry]]:
    """Return accruals, instructions and payouts of several batches, mixed over some weeks; each batch ends at zero."""
    chance, found, accounts = random.Random(seed), [], [WORK, OWED, TREASURY]
    for number in range(count):
        day = date(2026, 11, 2) + timedelta(days=chance.randrange(20))
        fen = chance.randrange(1, 10**9)
        between = Account(f"clearing:batch:{number + 1}", AccountKind.LIABILITY)
        accounts.append(between)
        found += [
            entry(f"a{number}", WORK, OWED, fen, EntryKind.ACCRUAL, day),
            entry(f"i{number}", OWED, between, fen, EntryKind.INSTRUCTION, day),
            entry(f"p{number}", between, TREASURY, fen, EntryKind.PAYOUT, day + timedelta(days=chance.randrange(3))),
        ]
    return accounts, found


@pytest.mark.parametrize("seed", [1, 2])
async def test_outside_programs_find_nothing_wrong_with_any_ledger(db: None, tmp_path: Path, seed: int) -> None:
    async with database.transaction():
        await posting.post(SYSTEM, *generated(seed, 40))
    for written_as, check in (("beancount", bean_check), ("hledger", hledger_check)):
        told: list[int] = []
        file = tmp_path / f"ledger.{written_as}"
        file.write_text("".join([piece async for piece in pieces(written_as, EVERYWHERE, told.append)]))
        assert check(file) == (0, "")
        assert told == [120]
