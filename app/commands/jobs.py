"""`fahui jobs`: the scheduled work, seen and started by hand."""

import asyncio
import sys
from datetime import datetime

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from app.commands.running import with_database
from app.core import clock
from app.core.job_worker import run_now
from app.core.jobs import UnknownJob
from app.operations import queries, status

PATIENCE = 3600.0
WIDTH = 140  # names are not cut off, even into a pipe
COLUMNS = ("job", "schedule", "last run", "outcome", "next", "failed in 24 h")


@click.group()
def jobs() -> None:
    """See the scheduled work, or run one job now."""


@jobs.command("list")
@with_database
async def list_jobs() -> None:
    """List every job: its schedule, last run, next slot, failures of the last day."""
    table = Table(*(Column(name, no_wrap=True) for name in COLUMNS), box=SIMPLE)
    for line in await queries.job_lines(status.all_jobs().values(), clock.now()):
        last = line.last
        table.add_row(
            line.name,
            line.schedule_text,
            _at(last.started_at) if last else "never",
            (f"{last.status} {last.error}".strip() if last else ""),
            _at(line.next_slot) if line.next_slot else "on request",
            str(line.failures),
        )
    Console(width=max(WIDTH, Console().width)).print(table)


@jobs.command("run")
@click.argument("name")
@with_database
async def run_job(name: str) -> None:
    """Run the job NAME now, through the queue, and wait for it."""
    known = status.all_jobs()
    if name not in known:
        raise UnknownJob(name=name)
    async with asyncio.timeout(PATIENCE):
        outcome = await run_now(known, known[name])
    click.echo(f"{name}: {outcome.status} {outcome.result}{outcome.error}")
    if outcome.status != "succeeded":
        sys.exit(1)


def _at(instant: datetime) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M:%S}"
