"""`fahui serve` and `fahui worker`."""

import asyncio

import click

from app import scheduler, supervisor
from app.commands.running import telling_refusals
from app.core import logging, storage
from app.core.settings import settings


@click.command()
@telling_refusals
def serve() -> None:
    """Serve the web site, with one clock and worker, until Ctrl-C.

    Starts the embedded PostgreSQL unless DATABASE_URL is set, and brings the schema up to date.
    """
    supervisor.serve(
        lambda: click.echo(f"法惠 is served on http://{settings().host}:{settings().port}  (Ctrl-C stops it)")
    )


@click.command()
@click.option("--no-clock", is_flag=True, help="Only work; another machine's clock enqueues.")
@telling_refusals
def worker(no_clock: bool) -> None:
    """Run a clock and worker, until Ctrl-C; as many as you like, on any machine."""
    logging.configure("worker")

    async def run() -> None:
        async with storage.server():
            await scheduler.run(scheduler.all_jobs(), with_clock=not no_clock)

    asyncio.run(run())
