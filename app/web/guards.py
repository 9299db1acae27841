"""Who may call a route. Every handler names exactly one of these; a test walks them all.

The guard decides by role; the service decides by row (``principal.scope(...).require_place(...)``).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from app.core.access import Permission, Principal
from app.core.errors import NotPermitted, NotSignedIn
from app.web.context import current

CurrentPrincipal = NamedDependency[Principal]
"""The annotation of a handler's argument ``principal``: who sent the request."""
Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Access:
    """What a guard asks for: nothing, an account, or any one of some permissions."""

    public: bool = False
    permissions: frozenset[Permission] = frozenset()


_declared: dict[int, tuple[Guard, Access]] = {}


def _declare(guard: Guard, access: Access) -> Guard:
    _declared[id(guard)] = (guard, access)
    return guard


async def public(_connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let everyone in; a public route says so."""


async def signed_in(_connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let everyone in who has an account."""
    if not current().principal.signed_in:
        raise NotSignedIn


def requires(*permissions: Permission) -> Guard:
    """Return a guard that lets in whoever holds any of the permissions."""

    async def guard(_connection: Connection, _handler: BaseRouteHandler) -> None:
        principal = current().principal
        if any(principal.can(permission) for permission in permissions):
            return
        raise NotPermitted if principal.signed_in else NotSignedIn

    return _declare(guard, Access(permissions=frozenset(permissions)))


_declare(public, Access(public=True))
_declare(signed_in, Access())


def access_of(handler: BaseRouteHandler) -> Access | None:
    """Return what a route asks for, None if it names no guard of ours: for the test that walks every route."""
    for guard in reversed(tuple(handler.resolve_guards())):
        declared = _declared.get(id(guard)) or _declared.get(id(getattr(guard, "func", None)))
        if declared:
            return declared[1]
    return None
