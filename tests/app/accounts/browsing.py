"""A person in front of the real application: cookies kept, form tokens read from the page, nothing faked."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pyotp

from app.accounts.principals import AccountSource
from app.core import clock
from app.web import principal
from tests.app.accounts.people import code_sent_to, use_roles
from tests.app.web.client import whole_application


class Person:
    """A browser that fills in the forms it is shown."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        """Drive ``http``."""
        self.http = http
        self.page = ""

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        answer = await self.http.get(path)
        self.page = answer.text
        return answer

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form with the token of the page that is open."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.page)
        answer = await self.http.post(path, data={"_csrf_token": token[1] if token else "", **fields})
        if answer.text:
            self.page = answer.text
        return answer

    async def sign_in(self, phone: str, **fields: Any) -> httpx.Response:
        """Go through the phone sign-in."""
        await self.get("/sign-in")
        await self.post("/sign-in/code", phone=phone)
        return await self.post("/sign-in/phone", phone=phone, code=await code_sent_to(phone), **fields)

    async def sign_in_as_officer(self, email: str, password: str, secret: str) -> httpx.Response:
        """Go through the password sign-in and the second factor."""
        await self.get("/sign-in")
        answer = await self.post("/sign-in/password", email=email, password=password)
        await self.get(answer.headers["location"])
        return await self.post("/sign-in/second-factor", code=pyotp.TOTP(secret).at(clock.now()), next="/account")

    @property
    def session(self) -> str | None:
        """Return the session cookie the browser holds."""
        return self.http.cookies.get("fahui_session") or None


@asynccontextmanager
async def browsing() -> AsyncIterator[Person]:
    """Open a browser on the whole application with the real source of principals."""
    app = whole_application()
    use_roles()
    before = principal.source()
    principal.register(AccountSource())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("10.1.1.1", 50_000))
    try:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers={"accept": "text/html"}
        ) as http:
            yield Person(http)
    finally:
        principal.register(before)
