"""The page after sign-in: what waits for you, over all packages, most urgent first.

A package's wiring exports ``WAITING = [waiting_claims, …]``: ``async def waiting_claims(principal) -> list[Waiting]``,
called only for signed-in people; it returns few rows and one statement fetches them.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime

from litestar import Response, get

from app.core.access import Principal
from app.web.components import Waiting
from app.web.guards import CurrentPrincipal, signed_in
from app.web.pages import page

WaitingSource = Callable[[Principal], Awaitable[Sequence[Waiting]]]
ORDER = ("need", "wait", "info", "off", "done")
NEVER = datetime.max.replace(tzinfo=UTC)

_sources: list[WaitingSource] = []


def register(sources: Iterable[WaitingSource]) -> None:
    """Take the packages' sources; replaces what was registered before."""
    _sources[:] = sources


async def waiting_for(principal: Principal) -> list[Waiting]:
    """Return everything that waits for the person: what needs them first, then by date."""
    rows = [row for source in _sources for row in await source(principal)]
    return sorted(rows, key=lambda row: (ORDER.index(row.tag.tone), row.due or NEVER))


@get("/workbench", guards=[signed_in])
async def workbench(principal: CurrentPrincipal) -> Response[str]:
    """Show the person's workbench."""
    return await page("app/workbench.html", waiting=await waiting_for(principal))
