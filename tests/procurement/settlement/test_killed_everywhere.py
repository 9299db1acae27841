"""A settlement run is killed before each statement it sends, is taken up again, and ends in the same bytes."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from app.core import database, embedded, storage
from procurement.settlement import payout
from tests.conftest import rounds
from tests.procurement import settled_work
from tests.procurement.settlement import killed
from tests.procurement.settlement.end_state import end_state

KILLED = -9
FEW = 8


@dataclass
class Runs:
    """The process that forks runs."""

    process: "subprocess.Popen[str]"

    async def run(self, name: str, statement: int = 0) -> tuple[int, int]:
        """Run in a database, killed before a statement; return the exit code and how many statements were sent."""
        return await asyncio.to_thread(self._ask, f"{name} {statement}\n")

    def _ask(self, line: str) -> tuple[int, int]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line)
        self.process.stdin.flush()
        code, sent = self.process.stdout.readline().split()
        return int(code), int(sent)


@contextmanager
def forking(accounts: Sequence[int]) -> Iterator[Runs]:
    """Keep the process that forks runs while the block runs."""
    command = [sys.executable, "-m", "tests.procurement.settlement.killed", json.dumps(accounts)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        yield Runs(process)
        assert process.stdin
        process.stdin.close()


@asynccontextmanager
async def connected(name: str) -> AsyncIterator[None]:
    """Connect this process to a database."""
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=4)
    try:
        yield
    finally:
        await database.disconnect()


@asynccontextmanager
async def copy_of(template: str) -> AsyncIterator[str]:
    """Keep a copy of a database while the block runs."""
    server, name = embedded.dsn(embedded.OWNER_ROLE, "postgres"), f"t_{uuid4().hex[:16]}"
    await storage.create_database(server, name, template, strategy="FILE_COPY")
    yield name
    await storage.drop_database(server, name)


async def beginning() -> list[int]:
    """Set up three people with two approved claims each, of which the cap leaves one out; return who settles."""
    money = await settled_work.approved(people=3, shifts=2)
    return [person.actor for person in (money.desk.clerk, money.desk.approver, money.desk.cashier)]


async def ended(name: str, accounts: Sequence[int]) -> bytes:
    """Return what the run left, and the bank's file with it."""
    async with connected(name):
        left = await end_state()
        batch = await database.fetch_value("SELECT id FROM settlement_batch")
        cashier = killed.officer(accounts[2], killed.STEPS[2])
        return left + (await payout.bank_file_again(cashier, batch)).content


def chosen(statements: int) -> Sequence[int]:
    """Return the statements to die at: all of them, or some that lie evenly over the run."""
    many = range(1, statements + 1)
    return sorted({many[round(n * (statements - 1) / (FEW - 1))] for n in range(rounds(FEW, 0))}) or many


async def test_killed_before_any_statement_and_taken_up_again_it_ends_in_the_same_bytes(database_name: str) -> None:
    async with connected(database_name):
        accounts = await beginning()
    with forking(accounts) as runs:
        async with copy_of(database_name) as whole:
            code, statements = await runs.run(whole)
            assert code == 0
            expected = await ended(whole, accounts)
        assert b"short_of_money" in expected
        assert statements > 40
        for statement in chosen(statements):
            async with copy_of(database_name) as broken:
                assert await runs.run(broken, statement) == (KILLED, 0), f"statement {statement} of {statements}"
                assert (await runs.run(broken))[0] == 0
                assert await ended(broken, accounts) == expected, f"killed before statement {statement} of {statements}"


async def test_a_run_taken_up_again_after_it_was_done_changes_nothing(database_name: str) -> None:
    async with connected(database_name):
        accounts = await beginning()
    with forking(accounts) as runs:
        assert (await runs.run(database_name))[0] == 0
        async with connected(database_name):
            once = await end_state()
        assert (await runs.run(database_name))[0] == 0
        async with connected(database_name):
            assert await end_state() == once
