"""Composition root of the web process: adds up what the packages' wiring exports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from app import composition
from app.accounts.principals import AccountSource
from app.core import storage
from app.packages import listed
from app.web import application, navigation, principal, slots, workbench


@asynccontextmanager
async def connected(_: Litestar) -> AsyncIterator[None]:
    """Keep the pool open while the process serves; the supervisor owns the database server."""
    async with storage.opened():
        yield


def create_app(*, connect: bool = True) -> Litestar:
    """Return the application; tests that bring their own connection pass ``connect=False``."""
    composition.compose()
    principal.register(AccountSource())
    slots.register(listed("SLOTS"))
    navigation.register(listed("NAV"))
    workbench.register(listed("WAITING"))
    return application.create(listed("ROUTE_HANDLERS"), lifespan=[connected] if connect else [])
