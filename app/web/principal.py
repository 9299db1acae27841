"""Who sent a request: the frame asks through a Protocol, so that it need not know accounts."""

from dataclasses import dataclass
from typing import Protocol

from app.core.access import ANONYMOUS, Principal


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the frame knows about the sender of a request.

    ``csrf_token`` is the one of the session, empty for a bearer token and for the anonymous (who get a
    cookie of their own); ``locale`` is the language the account chose, None if it chose none.
    """

    principal: Principal = ANONYMOUS
    csrf_token: str = ""
    locale: str | None = None


class PrincipalSource(Protocol):
    """Turns what came with a request into a visitor; app.accounts registers the real one."""

    async def visitor(self, session_token: str | None, bearer: str | None) -> Visitor:
        """Return who holds the session cookie or the bearer token.

        At most one of the two is given: a request with an Authorization header never reads cookies. An unknown
        or expired session is an anonymous visitor; an unknown bearer token raises NotSignedIn.
        """
        ...


class Nobody:
    """The source before one is registered: everyone is anonymous."""

    async def visitor(self, session_token: str | None, bearer: str | None) -> Visitor:
        """Return an anonymous visitor, whatever came with the request."""
        del session_token, bearer
        return Visitor()


_registered: list[PrincipalSource] = [Nobody()]


def register(source: PrincipalSource) -> None:
    """Name the source of principals; the last one named holds."""
    _registered[:] = [source]


def source() -> PrincipalSource:
    """Return the source of principals in force."""
    return _registered[0]
