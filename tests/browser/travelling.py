"""A site that lives through weeks: its clock is moved by the test, through a file that both read.

The file holds how many seconds the site is ahead of the real clock; it goes on ticking. Granian serves
``tests.browser.travelling:create_app`` in place of ``app.asgi:create_app``.
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


def create_app() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the application, each request of which happens at the time that the file says."""
    from app.asgi import create_app as real_application

    application, file = real_application(), Path(os.environ[FILE])

    async def travelling(scope: Any, receive: Receive, send: Send) -> None:
        with clock.travelled_to(time_of(file)):
            await application(scope, receive, send)

    return travelling


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
    with serving("tests.browser.travelling:create_app", **{FILE: str(file)}) as site:
        yield LongSite(site.url, site.database_name, file)
