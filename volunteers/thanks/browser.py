"""Which browser it is, by a cookie of random digits that we signed: not who sits before it."""

import hmac
import secrets

from litestar import Request

from app.core import vault
from app.web import cookies
from app.web.context import current

TOKEN_BYTES = 16


def known(request: Request) -> str | None:  # type: ignore[type-arg]
    """Return the browser's token, None if it has none that we signed."""
    given = cookies.read(request.headers.get("cookie", "")).get(cookies.BROWSER, "")
    token, _, signature = given.partition(".")
    return token if token and hmac.compare_digest(_signature(token), signature) else None


def remembered(request: Request) -> str:  # type: ignore[type-arg]
    """Return the browser's token; a browser without one is given one with the answer."""
    token = known(request)
    if token is None:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        current().set_cookies.append(cookies.browser(f"{token}.{_signature(token)}"))
    return token


def _signature(token: str) -> str:
    return vault.digest(f"browser/{token}").hex()[:32]
