"""Running work in a process that is killed before a statement, each time in a copy of one database."""

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
from tests.conftest import rounds

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
def forking(module: str, about: Sequence[int]) -> Iterator[Runs]:
    """Keep the process of a module that serves runs (``tests.killed``) while the block runs."""
    command = [sys.executable, "-m", module, json.dumps(about)]
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


def chosen(statements: int) -> Sequence[int]:
    """Return the statements to die at: all of them, or some that lie evenly over the run."""
    many = range(1, statements + 1)
    return sorted({many[round(n * (statements - 1) / (FEW - 1))] for n in range(rounds(FEW, 0))}) or many
