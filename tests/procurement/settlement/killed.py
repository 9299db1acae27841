"""A settlement run that is killed at a statement of one's choice, by the process that sends it.

`python -m tests.procurement.settlement.killed ACCOUNTS` reads lines "DATABASE STATEMENT" and answers each, once a child
of its own has run or died, with how the child ended and how many statements it had sent. Statement 0 kills nothing. The
children are forked before they connect, so that each costs no start of Python.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

from asyncpg.connection import Connection

from app.core import clock, database, embedded
from app.core.access import Permission, Principal, Scope
from procurement.settlement import payout, service

KEY, CAP_FEN = "2026-11", 125_000
RUN = ("330102", date(2026, 11, 1), date(2026, 12, 1), KEY, CAP_FEN)
AT = datetime(2026, 11, 30, 2, tzinfo=UTC)
STEPS = (Permission.SETTLEMENT_COMPUTE, Permission.SETTLEMENT_APPROVE, Permission.SETTLEMENT_PAY)


def officer(account_id: int, permission: Permission) -> Principal:
    """Return who takes one of the three steps."""
    return Principal(account_id, kind="session", scopes={permission: Scope(place_codes=("330102",))})


async def settle(accounts: list[int]) -> None:
    """Take the steps that are still to be taken, however far a run before came; all of them if none did."""
    clerk, approver, cashier = (officer(*one) for one in zip(accounts, STEPS, strict=True))
    with clock.travelled_to(AT):
        batch = await service.compute_batch(clerk, *RUN)
        status = await database.fetch_value("SELECT status FROM settlement_batch WHERE id = $1", batch.id)
        if status == "computed":
            await payout.approve_batch(approver, batch.id)
        if status in ("computed", "approved"):
            await payout.pay_batch(cashier, batch.id)


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


async def _run(name: str, accounts: list[int], killer: Killer) -> None:
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=1)
    killer.watch()
    await settle(accounts)
    await database.disconnect()


def _child(name: str, accounts: list[int], statement: int, told: int) -> None:
    killer = Killer(statement)
    asyncio.run(_run(name, accounts, killer))
    os.write(told, str(killer.sent).encode())


def main() -> None:
    """Serve lines until there are no more."""
    accounts = json.loads(sys.argv[1])
    for line in sys.stdin:
        name, statement = line.split()
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            failed = 1
            try:
                _child(name, accounts, int(statement), writing)
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


if __name__ == "__main__":
    main()
