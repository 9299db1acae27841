"""Kill −9 of real processes: nothing half published, nobody told twice, and the next one finishes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import UUID

import asyncpg

from app.core import clock, database, embedded, processes
from app.core.settings import PROJECT
from tests.app.core.test_jobs_processes import until
from tests.volunteers.dispatch import small
from volunteers.dispatch import service
from volunteers.dispatch.publishing.service import publish_plan
from volunteers.dispatch.review.approving import approve_plan
from volunteers.dispatch.rules import STALE, RunStatus
from volunteers.dispatch.solving.service import solve_run

WAITING = """SELECT count(*) > 0 FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"""
LAST_MESSAGE = """
INSERT INTO notification (account_id, channel, msgid, created_at, next_attempt_at, once_key)
SELECT p.account_id, 'in_app', 'x', now(), now(), concat('dispatched:', r.public_id, ':', p.account_id, ':in_app')
FROM dispatch_run r, person p ORDER BY p.id DESC LIMIT 1
"""
READ_IN = "SELECT count(*) > 0 FROM dispatch_run WHERE status = 'solving' AND instance_sha256 IS NOT NULL"


@contextmanager
def killable(database_name: str, what: str, run: UUID) -> Iterator[subprocess.Popen[bytes]]:
    """Run the process, and leave none behind."""
    address = embedded.dsn(embedded.APPLICATION_ROLE, database_name)
    environment = {**os.environ, "DATABASE_URL": address, "DATABASE_POOL_SIZE": "4", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "tests.volunteers.dispatch.killable", what, str(run)]
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def in_the_way(database_name: str, statement: str) -> AsyncIterator[None]:
    """Hold what a statement locks until the block ends."""
    connection = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, database_name))
    try:
        await connection.execute("BEGIN")
        await connection.execute(statement)
        yield
        await connection.execute("ROLLBACK")
    finally:
        await connection.close()


def solver_of(worker: int) -> int:
    """Wait for the worker's solver and return its process id."""
    children = Path(f"/proc/{worker}/task/{worker}/children")
    for _ in range(500):
        for child in children.read_text().split():
            if b"volunteers.dispatch.engine" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        time.sleep(0.01)
    raise AssertionError("the worker started no solver")


def stop(process: int) -> None:
    """Stop a process and see that it has stopped: of two signals that wait, the lower one comes first."""
    os.kill(process, signal.SIGSTOP)
    for _ in range(500):
        if "State:\tT" in Path(f"/proc/{process}/status").read_text():
            return
        time.sleep(0.01)
    raise AssertionError("the process did not stop")


def told_to_end(stopped: int) -> bool:
    """Tell whether SIGTERM waits for a stopped process to go on."""
    status = Path(f"/proc/{stopped}/status").read_text()
    masks = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
    return any(mask & 1 << signal.SIGTERM - 1 for mask in masks)


async def test_a_killed_worker_takes_its_solver_along_and_the_next_one_finishes_the_run(
    db: None, database_name: str
) -> None:
    await small.people(2)
    await small.shifts(9, 33)
    coordinator = await small.planner()
    run = await service.plan_week(coordinator, small.world.TOWN, small.MONDAY, 5)
    with killable(database_name, "solve", run) as worker:
        await until(READ_IN, 30)
        solver = solver_of(worker.pid)
        stop(solver)  # it would be done in no time
        worker.kill()
        worker.wait()
        assert told_to_end(solver)
        os.kill(solver, signal.SIGCONT)
    for _ in range(250):
        if not processes.is_alive(solver):
            break
        await asyncio.sleep(0.02)
    assert not processes.is_alive(solver)
    assert await database.fetch_value("SELECT count(*) FROM dispatch_proposal") == 0
    assert await solve_run(run) is RunStatus.SOLVING  # it may still live, as far as anybody knows
    with clock.travelled_to(clock.now() + STALE):
        assert await solve_run(run) is RunStatus.SOLVED
    assert await database.fetch_value("SELECT fence FROM dispatch_run") == 2
    assert await database.fetch_value("SELECT count(*) FROM dispatch_proposal") == 2


async def test_a_killed_publisher_has_published_nothing_and_the_next_one_publishes_all(
    db: None, database_name: str
) -> None:
    await small.people(3)
    await small.shifts(9, 33, seats=3)
    coordinator = await small.planner()
    run = await small.solved(coordinator)
    await approve_plan(coordinator, run)
    async with in_the_way(database_name, LAST_MESSAGE):
        with killable(database_name, "publish", run) as publisher:
            await until(WAITING, 30)  # all are seated by now, and nearly all are told
            publisher.kill()
            publisher.wait()
    await until(f"SELECT NOT ({WAITING})", 10)
    assert await database.fetch_value("SELECT status FROM dispatch_run") == "approved"
    assert await database.fetch("SELECT FROM sign_up") == []
    assert await database.fetch("SELECT FROM dispatch_invitation") == []
    assert await database.fetch("SELECT FROM notification WHERE once_key LIKE 'dispatched:%'") == []
    assert await database.fetch("SELECT FROM dispatch_proposal WHERE outcome <> 'proposed'") == []
    assert (await publish_plan(coordinator, run)).sent == 6
    told = await database.fetch(
        "SELECT account_id, count(*) AS n FROM notification WHERE channel = 'in_app' AND once_key LIKE 'dispatched:%' "
        "GROUP BY account_id"
    )
    assert [row["n"] for row in told] == [1, 1, 1]
