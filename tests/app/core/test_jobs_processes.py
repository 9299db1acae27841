"""Clocks and workers as real processes: each slot once, and a killed worker's task is finished by another."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.core import clock, database, embedded, jobs
from app.core.job_worker import Pace
from app.core.settings import PROJECT
from tests.app.core.audit_world import as_owner
from tests.conftest import rounds

QUICK = (0.3, 1.5, 0.5, 5.0)
REAL = (10.0, 30.0, 15.0, 20.0)
Process = subprocess.Popen[bytes]


@pytest.fixture
async def noted(db: None, database_name: str) -> str:
    """Give the database a table in which the jobs note their runs."""
    async with as_owner(database_name) as owner:
        await owner.execute("CREATE TABLE noted (job text, slot timestamptz, pid int, at timestamptz DEFAULT now())")
        await owner.execute("GRANT ALL ON noted TO fahui_app")
    return database_name


@contextmanager
def processes(database_name: str, *kinds: str, pace: tuple[float, ...] = QUICK) -> Iterator[list[Process]]:
    """Run the processes of the named kinds, and leave none behind."""
    address = embedded.dsn(embedded.APPLICATION_ROLE, database_name)
    environment = {**os.environ, "DATABASE_URL": address, "DATABASE_POOL_SIZE": "4", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "tests.app.core.job_process"]
    running = [
        subprocess.Popen([*command, kind, *map(str, pace)], env=environment, cwd=PROJECT, stderr=subprocess.PIPE)
        for kind in kinds
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


async def until(sql: str, seconds: float) -> float:
    """Wait until the query is true and return how long that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if await database.fetch_value(sql):
            return time.monotonic() - begun
        await asyncio.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {sql}")


async def test_two_clocks_and_three_workers_run_each_slot_once(noted: str) -> None:
    slots = rounds(5, 60)
    with processes(noted, "clock", "clock", "worker") as running:
        await until(f"SELECT count(DISTINCT slot) >= {slots} FROM noted", 30 + slots * 2)
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            assert await asyncio.to_thread(process.wait, 20) == 0
    seen = await database.fetch_one(
        """SELECT count(*) AS runs, count(DISTINCT slot) AS slots,
                  extract(epoch FROM max(slot) - min(slot))::int + 1 AS span FROM noted"""
    )
    assert seen is not None
    assert seen["runs"] == seen["slots"] == seen["span"], "a slot ran twice, or was left out"
    recorded = "SELECT count(*) FROM job_run WHERE job = 'tick' AND status = 'succeeded'"
    assert await database.fetch_value(recorded) == seen["slots"]


async def test_runs_of_one_job_that_wait_for_each_other_follow_at_once(noted: str) -> None:
    asked = 12
    for second in range(asked):
        async with database.transaction():
            await jobs.enqueue("tick", now=clock.now().replace(microsecond=0) + timedelta(seconds=second))
    with processes(noted, "worker"):
        await until("SELECT count(*) > 0 FROM noted", 30)
        took = await until(f"SELECT count(*) = {asked} FROM noted", 60)
    assert took < Pace().poll_every * 2, "each run waited for the worker to look again"


async def test_another_worker_finishes_what_a_killed_one_began(noted: str) -> None:
    await _killed_and_finished(noted, QUICK, within=20)


@pytest.mark.figures
async def test_at_the_real_pace_another_worker_finishes_within_a_minute(noted: str) -> None:
    for _ in range(rounds(1, 3)):
        await database.execute("DELETE FROM noted")
        await database.execute("DELETE FROM job_run")
        assert await _killed_and_finished(noted, REAL, within=60) <= 60


async def _killed_and_finished(name: str, pace: tuple[float, ...], within: float) -> float:
    async with database.transaction():
        await jobs.enqueue("slow", now=clock.now())
    with processes(name, "worker", "worker", "worker", pace=pace) as running:
        await until("SELECT count(*) = 1 FROM noted WHERE job = 'slow'", 30)
        victim = await database.fetch_value("SELECT pid FROM noted WHERE job = 'slow'")
        os.kill(victim, signal.SIGKILL)
        seconds = await until("SELECT count(*) = 1 FROM job_run WHERE job = 'slow' AND status = 'succeeded'", within)
        assert len(running) == 3
    print(f"killed, and finished by another worker after {seconds:.1f} s")
    told = await database.fetch("SELECT attempt, status, worker FROM job_run WHERE job = 'slow' ORDER BY attempt")
    assert [(row["attempt"], row["status"]) for row in told] == [(1, "lost"), (2, "succeeded")]
    assert told[0]["worker"].endswith(f":{victim}")
    assert told[1]["worker"] != told[0]["worker"]
    return seconds


async def test_a_worker_asked_to_stop_returns_its_task_to_the_queue(noted: str) -> None:
    async with database.transaction():
        await jobs.enqueue("slow", now=clock.now())
    with processes(noted, "worker", pace=(0.3, 60.0, 60.0, 0.5)) as (worker,):
        await until("SELECT count(*) = 1 FROM noted", 30)
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait, 20) == 0
    assert await database.fetch_value("SELECT status FROM job_run") == "lost"
    assert await database.fetch_value("SELECT status::text FROM procrastinate_jobs") == "todo"
    with processes(noted, "worker", pace=(0.3, 60.0, 60.0, 0.5)):
        await until("SELECT count(*) = 1 FROM job_run WHERE status = 'succeeded'", 20)


async def test_a_paused_worker_that_was_given_up_cannot_write_its_result(noted: str) -> None:
    """SIGSTOP plays a machine that hangs: its task is done elsewhere; woken up, it changes nothing."""
    async with database.transaction():
        await jobs.enqueue("slow", now=clock.now())
    with processes(noted, "worker", "worker"):
        await until("SELECT count(*) = 1 FROM noted", 30)
        victim = await database.fetch_value("SELECT pid FROM noted")
        os.kill(victim, signal.SIGSTOP)
        await until("SELECT count(*) = 1 FROM job_run WHERE status = 'succeeded'", 20)
        os.kill(victim, signal.SIGCONT)
        os.kill(victim, signal.SIGTERM)
        await asyncio.sleep(1)
    told = await database.fetch("SELECT status, finished_at FROM job_run ORDER BY attempt")
    assert [row["status"] for row in told] == ["lost", "succeeded"]
    assert told[0]["finished_at"] < told[1]["finished_at"]
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_a_slot_missed_while_nothing_ran_is_caught_up_at_the_start(noted: str) -> None:
    async with database.transaction():
        await jobs.enqueue("tick", now=clock.now(), slot=clock.now().replace(year=2025, microsecond=0))
    with processes(noted, "clock"):
        await until("SELECT count(*) >= 2 FROM noted", 30)
    years = await database.fetch("SELECT DISTINCT extract(year FROM slot)::int AS year FROM noted ORDER BY year")
    assert [row["year"] for row in years] == [2025, clock.now().year]


async def test_a_worker_that_loses_the_database_ends_instead_of_pretending(noted: str) -> None:
    with processes(noted, "worker") as (worker,):
        await until("SELECT count(*) = 1 FROM procrastinate_workers", 30)
        async with as_owner(noted) as owner:
            await owner.execute("ALTER TABLE procrastinate_workers RENAME TO out_of_reach")
        assert await asyncio.to_thread(worker.wait, 20) != 0
