"""The real application without a socket, seen by whomever a test names.

async with client(principal) as http: answer = await http.get("/products")

Connect the database first (the ``db`` fixture) where a page needs it. A signed-in client sends its form token as a
header; ``form_token=False`` leaves it out. A page of the whole application that shows its reader a link which they may
not follow fails the test that opened it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from litestar import Litestar
from litestar.types import ControllerRouterHandler

from app.asgi import create_app
from app.core.access import ANONYMOUS, Permission, Principal, Scope
from app.core.errors import NotSignedIn
from app.web import application, principal
from app.web.principal import Visitor
from tests.app.web.doors import closed_doors

TOKEN = "a-form-token"


@dataclass(frozen=True)
class OneVisitor:
    """A source that knows one session and one bearer token."""

    person: Principal
    locale: str | None

    async def visitor(self, session_token: str | None, bearer: str | None) -> Visitor:
        """Return the person for either of the two words."""
        if bearer is not None:
            if bearer != "bearer-word":
                raise NotSignedIn
            return Visitor(self.person)
        known = session_token == "session-word"
        return Visitor(self.person, TOKEN, self.locale) if known else Visitor()


class Reader(httpx.AsyncClient):
    """Follows no link itself, but fails on a page with one that is closed to its reader."""

    seen_by: Principal | None = None

    async def request(self, *words: Any, **options: Any) -> httpx.Response:
        """Send a request and look at the links of the page that answers."""
        answer = await super().request(*words, **options)
        is_page = answer.is_success and answer.headers.get("content-type", "").startswith("text/html")
        if self.seen_by and is_page:
            closed = closed_doors(whole_application(), self.seen_by, answer.text)
            assert not closed, f"{answer.url} leads to {closed}"
        return answer


@cache
def whole_application() -> Litestar:
    """Return the application as it is served, without its own pool."""
    return create_app(connect=False)


def somebody(*permissions: Permission, place: str = "", account_id: int = 1) -> Principal:
    """Return a signed-in person with permissions everywhere below a place."""
    scope = Scope(place_codes=(place,), organization_ids=(1,))
    return Principal(account_id, name="Wang", kind="session", scopes=dict.fromkeys(permissions, scope))


@asynccontextmanager
async def client(
    person: Principal = ANONYMOUS,
    *,
    handlers: Sequence[ControllerRouterHandler] | None = None,
    locale: str | None = None,
    form_token: bool = True,
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on the whole application, or on the frame with some handlers of a test's own."""
    app = whole_application() if handlers is None else application.create(handlers)
    before = principal.source()
    principal.register(OneVisitor(person, locale))
    headers = {"accept": "text/html", **({"x-csrftoken": TOKEN} if person.signed_in and form_token else {})}
    cookies = {"fahui_session": "session-word"} if person.signed_in else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with Reader(
            transport=transport, base_url="http://127.0.0.1:8000", headers=headers, cookies=cookies
        ) as http:
            http.seen_by = person if handlers is None else None
            yield http
    finally:
        principal.register(before)


async def call(person: Principal, method: str, path: str, body: Any = None) -> httpx.Response:
    """Send one request below /api/v1, as a program of somebody's would."""
    async with client(person) as http:
        return await http.request(method, f"/api/v1{path}", json=body, headers={"accept": "application/json"})
