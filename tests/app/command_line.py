"""The `fahui` command inside the test's process, pointed at a test's database as an external one."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.core import database, embedded, vault
from app.core.settings import settings

Found = TypeVar("Found")


@dataclass
class Installation:
    """A house of its own: a database with two roles, a key file, the server's client programs on the PATH."""

    database_name: str
    folder: Path
    changed: dict[str, str] = field(default_factory=dict)

    @property
    def key_file(self) -> Path:
        return self.folder / "keys.json"

    def fahui(self, *arguments: object) -> Result:
        """Run the command in this house."""
        with self.within():
            return CliRunner().invoke(main, [str(argument) for argument in arguments])

    def connected(self, work: Callable[[], Awaitable[Found]]) -> Found:
        """Run an async piece of a test in this house, connected as the application."""

        async def run() -> Found:
            await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, self.database_name), pool_size=4)
            try:
                return await work()
            finally:
                await database.disconnect()

        with self.within():
            return asyncio.run(run())

    @contextmanager
    def within(self) -> Iterator[None]:
        """Have the settings of this house in force."""
        server_tools = embedded.tool_path("pg_dump").parent
        environment = {
            "DATABASE_URL": embedded.dsn(embedded.APPLICATION_ROLE, self.database_name),
            "DATABASE_DIRECT_URL": embedded.dsn(embedded.OWNER_ROLE, self.database_name),
            "FAHUI_KEY_FILE": str(self.key_file),
            "PATH": f"{server_tools}:{os.environ['PATH']}",
            **self.changed,
        }
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            _forget()
            try:
                yield
            finally:
                patch.undo()
                _forget()


def _forget() -> None:
    settings.cache_clear()
    vault._masters.cache_clear()
