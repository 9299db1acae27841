"""Work that is killed at a statement of one's choice, by the process that sends it; the child's side of `killing`.

A module that calls ``serve(work)`` and is run with one argument in JSON reads lines "DATABASE STATEMENT" and answers
each, once a child of its own has run or died, with how the child ended and how many statements it had sent. Statement 0
kills nothing. The children are forked before they connect, so that each costs no start of Python.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from asyncpg.connection import Connection

from app.core import database, embedded

Work = Callable[[list[int]], Awaitable[None]]


class Killer:
    """Counts what is sent to the server, BEGIN and COMMIT included, and kills its process before a statement."""

    def __init__(self, statement: int) -> None:
        """Kill before the given statement is sent, counted from 1."""
        self.statement, self.sent, self._within = statement, 0, False

    def watch(self) -> None:
        """Stand between asyncpg and its connections."""
        for name in ("execute", "_execute", "copy_records_to_table"):
            setattr(Connection, name, self._counted(getattr(Connection, name)))

    def _counted(self, send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*arguments: Any, **named: Any) -> Any:
            if self._within:
                return await send(*arguments, **named)
            self.sent += 1
            if self.sent == self.statement:
                os.kill(os.getpid(), signal.SIGKILL)
            self._within = True
            try:
                return await send(*arguments, **named)
            finally:
                self._within = False

        return counted


async def _run(work: Work, name: str, about: list[int], killer: Killer) -> None:
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=1)
    killer.watch()
    await work(about)
    await database.disconnect()


def _child(work: Work, name: str, about: list[int], statement: int, told: int) -> None:
    killer = Killer(statement)
    asyncio.run(_run(work, name, about, killer))
    os.write(told, str(killer.sent).encode())


def serve(work: Work) -> None:
    """Serve lines until there are no more."""
    about = json.loads(sys.argv[1])
    for line in sys.stdin:
        name, statement = line.split()
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            failed = 1
            try:
                _child(work, name, about, int(statement), writing)
                failed = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(failed)
        os.close(writing)
        _, status = os.waitpid(pid, 0)
        sent = os.read(reading, 20).decode() or "0"
        os.close(reading)
        print(os.waitstatus_to_exitcode(status), sent, flush=True)
