"""A site that lives through weeks: its clock is moved by the test, through a file that both read.

The file holds how many seconds the site is ahead of the real clock; it goes on ticking. Granian serves what
``travelling`` makes of the application.
"""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from litestar.types import Receive, Scope, Send

from app.core import clock
from tests.browser.conftest import Result, Site, serving

FILE = "FAHUI_TEST_CLOCK"
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def travelling(application: Application) -> Application:
    """Return the application, each request of which happens at the time that the file says."""
    file = Path(os.environ[FILE])

    async def at_its_time(scope: Any, receive: Receive, send: Send) -> None:
        with clock.travelled_to(time_of(file)):
            await application(scope, receive, send)

    return at_its_time


def time_of(file: Path) -> datetime:
    """Return the time by the file."""
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))


@dataclass(frozen=True)
class LongSite(Site):
    """A running site, its database and its clock."""

    file: Path

    def travel_to(self, instant: datetime) -> None:
        """Let it be ``instant`` on the site."""
        self.file.write_text(str((instant - datetime.now(UTC)).total_seconds()))

    def run(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Run work of the services on the site's database, at the site's time."""

        async def then() -> Result:
            with clock.travelled_to(time_of(self.file)):
                return await work()

        return super().run(then)


@contextmanager
def living_from(instant: datetime, file: Path) -> Iterator[LongSite]:
    """Serve the application from a fresh database, beginning at ``instant``."""
    file.write_text(str((instant - datetime.now(UTC)).total_seconds()))
    with serving("tests.browser.travelling:travelling", **{FILE: str(file)}) as site:
        yield LongSite(site.url, site.database_name, file)
