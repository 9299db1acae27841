"""Programs of other people check our books: they find nothing wrong, and would find each fault of a list.

Both are required: where bean-check or hledger is not installed, these tests fail.
"""

import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.core import database
from app.core.database import transaction
from procurement.ledger import posting
from procurement.ledger.export import EVERYWHERE, pieces
from procurement.ledger.rules import Entry, EntryKind
from tests.procurement.ledger.test_ledger import CLEARING, DAY, OWED, PAID_WORK, SYSTEM, TREASURY, WORK, entry, post

LATER = date(2026, 11, 18)
BOOKS = (*PAID_WORK, entry("accrual:2", WORK, OWED, 10_000, EntryKind.ACCRUAL, LATER))


def bean_check(path: Path) -> tuple[int, str]:
    """Have Beancount judge a file."""
    done = subprocess.run([".venv/bin/bean-check", "--no-cache", str(path)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def hledger_check(path: Path) -> tuple[int, str]:
    """Have hledger judge a file."""
    command = ["hledger", "-f", str(path), "check", "--strict", "ordereddates", "payees"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


async def export(folder: Path, *entries: Entry) -> tuple[Path, Path]:
    """Book entries and write both journals."""
    await post(*entries)
    files = folder / "ledger.beancount", folder / "ledger.journal"
    for file, written_as in zip(files, ("beancount", "hledger"), strict=True):
        file.write_text("".join([piece async for piece in pieces(written_as, EVERYWHERE)]))
    return files


async def test_neither_finds_anything_wrong(db: None, tmp_path: Path) -> None:
    beancount, hledger = await export(tmp_path, *BOOKS)
    assert bean_check(beancount) == (0, "")
    assert hledger_check(hledger) == (0, "")


async def test_neither_finds_anything_wrong_with_a_payment_that_came_back(db: None, tmp_path: Path) -> None:
    await post(*PAID_WORK)
    booked = "SELECT id FROM ledger_transaction WHERE kind IN ('instruction', 'payout') ORDER BY id DESC"
    async with transaction():
        for row in await database.fetch(booked):
            await posting.reverse(SYSTEM, row["id"], f"returned:{row['id']}")
    beancount, hledger = await export(tmp_path)
    assert bean_check(beancount) == (0, "")
    assert hledger_check(hledger) == (0, "")


async def test_a_payout_booked_twice_is_found_by_both(db: None, tmp_path: Path) -> None:
    twice = entry("payout:twice", CLEARING, TREASURY, 25_000, EntryKind.PAYOUT)
    beancount, hledger = await export(tmp_path, *BOOKS, twice)
    assert "Clearing" in bean_check(beancount)[1]
    assert hledger_check(hledger)[0] != 0


Fault = Callable[[str], str]


def last(before: str, after: str) -> Fault:
    """Change the last place where a text stands."""

    def change(text: str) -> str:
        head, found, tail = text.rpartition(before)
        return head + after + tail if found else text

    return change


def blocks(change: Callable[[list[str]], list[str]]) -> Fault:
    """Change the entries, each from its dated line to its last posting."""

    def changed(text: str) -> str:
        lines = text.splitlines()
        starts = [n for n, line in enumerate(lines) if re.match(r"\d{4}-\d\d-\d\d \*", line)]
        ends = [next((m for m in range(n + 1, len(lines)) if not lines[m].startswith(" ")), len(lines)) for n in starts]
        entries = ["\n".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
        return "\n".join([*lines[: starts[0]], *change(entries), *lines[ends[-1] :]]) + "\n"

    return changed


FAULTS: dict[str, Fault] = {
    "off by a cent": last("100.00 CNY", "100.01 CNY"),
    "a sign turned": last("-100.00 CNY", "100.00 CNY"),
    "a posting left out": blocks(lambda found: ["\n".join(found[0].splitlines()[:-1]), *found[1:]]),
    "a posting too many": blocks(lambda found: [found[0] + "\n" + found[0].splitlines()[-1], *found[1:]]),
    "an unknown account": lambda text: last("xpense:Line:N1 ", "xpense:Line:N2 ")(
        last("expenses:expense:line:1 ", "expenses:expense:line:2 ")(text)
    ),
    "another currency": last("100.00 CNY", "100.00 USD"),
    "an entry left out": blocks(lambda found: [one for one in found if "payout" not in one.splitlines()[0]]),
    "an entry twice": blocks(lambda found: [*found[:3], found[2], *found[3:]]),
    "an instruction without its payout": blocks(
        lambda found: [*found, found[1].replace(DAY.isoformat(), LATER.isoformat())]
    ),
    "dates out of order": blocks(lambda found: [found[-1], *found[:-1]]),
    "an unknown payee": last("claim-1", "claim-9"),
    "a posting to a closed account": blocks(
        lambda found: [*found, *(one.replace(DAY.isoformat(), "2026-11-20") for one in found[1:3])]
    ),
    "a clearing account that is not empty": last("0.00 CNY", "0.01 CNY"),
    "a day that there is not": last(LATER.isoformat(), "2026-11-31"),
}
FOUND_BY_ONE = {
    "dates out of order": "hledger",
    "an unknown payee": "hledger",
    "a posting to a closed account": "beancount",
}
"""What is no fault to the other: Beancount sorts entries and knows no list of payees, hledger closes no account."""


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_found(db: None, tmp_path: Path, fault: str) -> None:
    objected = {}
    for path, check, program in zip(
        await export(tmp_path, *BOOKS), (bean_check, hledger_check), ("beancount", "hledger"), strict=True
    ):
        text = path.read_text()
        changed = FAULTS[fault](text)
        assert changed != text, f"{fault} changes nothing in the {program} file"
        path.write_text(changed)
        objected[program] = check(path)[0] != 0
    assert any(objected.values()), f"nobody objects to: {fault}"
    assert objected[FOUND_BY_ONE.get(fault, "beancount")]
