"""How a command reaches the database, and how it tells what went wrong: one line, never a traceback."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

import asyncpg
import click

from app import composition
from app.core import embedded, migrations, storage
from app.core.backup import BackupFailed, RestoreRefused
from app.core.errors import DomainError
from app.core.job_worker import WorkerStopped
from app.core.key_rotation import KeysStillUsed
from app.supervisor import ServeFailed
from app.web import i18n

Given = ParamSpec("Given")
EXPECTED = (
    embedded.ServerDidNotStart,
    migrations.UpgradeFailed,
    BackupFailed,
    RestoreRefused,
    KeysStillUsed,
    ServeFailed,
    WorkerStopped,
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    OSError,
)


def telling_refusals(work: Callable[Given, Any]) -> Callable[Given, Any]:
    """Turn what a command can expect to go wrong into its error message, in English."""

    @functools.wraps(work)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Any:
        try:
            return work(*args, **kwargs)
        except DomainError as refusal:
            with i18n.speaking("en"):
                raise click.ClickException(i18n.translate(refusal.text())) from None
        except EXPECTED as failure:
            raise click.ClickException(str(failure) or type(failure).__name__) from None

    return run


def with_server(work: Callable[Given, Awaitable[Any]]) -> Callable[Given, Any]:
    """Run an async command while the embedded server runs; it connects by itself, or not at all."""

    @telling_refusals
    @functools.wraps(work)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Any:
        async def within() -> Any:
            async with storage.server():
                return await work(*args, **kwargs)

        return asyncio.run(within())

    return run


def with_database(work: Callable[Given, Awaitable[Any]]) -> Callable[Given, Any]:
    """Run an async command connected as the application, to the embedded server or to DATABASE_URL."""

    @with_server
    @functools.wraps(work)
    async def run(*args: Given.args, **kwargs: Given.kwargs) -> Any:
        composition.compose()
        async with storage.opened():
            return await work(*args, **kwargs)

    return run
