"""The session cookie, for app.accounts: the rows of ``web_session`` are its business, the cookie is ours.

A session id is never kept through sign-in: call ``start`` with a fresh token and delete the old row.
"""

from app.web import cookies
from app.web.context import current


def start(token: str, seconds: int) -> None:
    """Send the session cookie with the response of this request."""
    current().set_cookies.append(cookies.session(token, seconds))
    current().set_cookies.append(cookies.ended(cookies.CSRF))


def end() -> None:
    """Remove the session cookie with the response of this request."""
    current().set_cookies.append(cookies.ended(cookies.SESSION))
