"""What one request carries from the outer frame to the page: a ContextVar instead of an argument everywhere."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from app.core.access import Principal
from app.core.text import Message
from app.web.principal import Visitor


@dataclass(frozen=True, slots=True)
class Flash:
    """One sentence shown once, on the page after a redirect. ``kind``: done, wait, need or info."""

    message: Message
    kind: str = "done"


@dataclass(slots=True)
class RequestContext:
    """The request as the frame sees it, and what it will add to the response."""

    request_id: str = ""
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    visitor: Visitor = field(default_factory=Visitor)
    csrf_cookie: str = ""
    flashes: list[Flash] = field(default_factory=list)
    flashes_shown: bool = False
    next_flashes: list[Flash] = field(default_factory=list)
    set_cookies: list[str] = field(default_factory=list)
    slots: list[Any] = field(default_factory=list)

    @property
    def principal(self) -> Principal:
        """Return the person behind the request."""
        return self.visitor.principal

    def csrf_token(self) -> str:
        """Return the token forms carry; an anonymous visitor gets one in a cookie when a form is first shown."""
        if self.visitor.csrf_token:
            return self.visitor.csrf_token
        if not self.csrf_cookie:
            from app.web import cookies

            self.csrf_cookie = secrets.token_urlsafe(24)
            self.set_cookies.append(cookies.csrf(self.csrf_cookie))
        return self.csrf_cookie

    def take_flashes(self) -> list[Flash]:
        """Return the sentences left by the page before, and mark them as shown."""
        self.flashes_shown = bool(self.flashes)
        return self.flashes

    def url(self, **changes: Any) -> str:
        """Return this page's address with some of its query changed; None removes a parameter."""
        kept = [(key, value) for key, value in self.query if key not in changes]
        added = [(key, str(value)) for key, value in changes.items() if value is not None]
        query = urlencode(kept + added)
        return f"{self.path}?{query}" if query else self.path


_current: ContextVar[RequestContext | None] = ContextVar("web_request", default=None)


def current() -> RequestContext:
    """Return the request being answered; outside of one, an empty context."""
    return _current.get() or RequestContext()


@contextmanager
def answering(context: RequestContext) -> Iterator[RequestContext]:
    """Make ``context`` the request being answered for a block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
