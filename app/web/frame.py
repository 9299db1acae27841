"""The outermost layer: it gives every request its id, language and visitor, and every answer its headers.

It wraps Litestar as a whole, so that the page for an unknown address knows the reader's language as well.
"""

import re
import time
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from litestar import Request
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.core import audit, logging
from app.web import cookies, errors, flashes, headers, i18n, principal
from app.web.context import RequestContext, answering

log = logging.get("fahui.web")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNRECOGNISED = ("/static/", "/healthz", "/readyz", headers.REPORTS)
QUIET = ("/static/", "/healthz", "/readyz")


class Frame:
    """ASGI middleware around the application."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``, Litestar's own handler."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        given = Headers.from_scope(scope)
        context = _context(scope, given)
        sent_id = audit.request_id.set(context.request_id)
        started, outgoing = time.perf_counter(), _Outgoing(scope, send, context)
        try:
            with answering(context):
                await self._answer(scope, receive, outgoing, given, context)
        finally:
            _write_line(scope, context, outgoing.status, time.perf_counter() - started)
            audit.request_id.reset(sent_id)

    async def _answer(
        self, scope: Scope, receive: Receive, outgoing: "_Outgoing", given: Headers, context: RequestContext
    ) -> None:
        ours = cookies.read(given.get("cookie", ""))
        asked, accept = dict(context.query).get("lang"), given.get("accept-language", "")
        failure: Exception | None = None
        try:
            await _recognise(scope, given, ours, context)
        except Exception as caught:  # becomes an answer, like any failure of a handler
            failure = caught
        language = i18n.chosen(asked, ours.get(cookies.LANGUAGE), context.visitor.locale, accept)
        if asked in i18n.LOCALES and asked != ours.get(cookies.LANGUAGE):
            context.set_cookies.append(cookies.language(asked))
        with i18n.speaking(language):
            if failure is None:
                await self.app(scope, receive, outgoing.send)
            else:
                await _refuse(scope, receive, outgoing, failure)


class _Outgoing:
    """Adds headers and cookies to the start of the response, and remembers its status."""

    def __init__(self, scope: Scope, send: Send, context: RequestContext) -> None:
        self.scope, self.pass_on, self.context, self.status = scope, send, context, 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._added(list(message["headers"]))]
        await self.pass_on(message)

    def _added(self, present: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        context = self.context
        set_cookies = [*context.set_cookies, *self._flash_cookie()]
        personal = context.principal.signed_in or bool(set_cookies) or context.flashes_shown
        names = {name.decode("latin-1").lower() for name, _ in present}
        added = headers.added(self.scope, names, personal, cookies.secure())
        added += [("x-request-id", context.request_id), *(("set-cookie", value) for value in set_cookies)]
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in added]

    def _flash_cookie(self) -> list[str]:
        if self.context.next_flashes:
            return [cookies.flash(flashes.packed(self.context.next_flashes))]
        return [cookies.flash("")] if self.context.flashes_shown else []


def _context(scope: Scope, given: Headers) -> RequestContext:
    sent = given.get("x-request-id", "")
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=False)
    return RequestContext(
        request_id=sent if GIVEN_ID.fullmatch(sent) else uuid4().hex,
        path=scope["path"],
        query=tuple(query),
    )


async def _recognise(scope: Scope, given: Headers, ours: dict[str, str], context: RequestContext) -> None:
    """Ask who sent the request; with an Authorization header the cookies are not looked at."""
    if scope["path"].startswith(UNRECOGNISED):
        return
    scheme, _, bearer = given.get("authorization", "").partition(" ")
    if scheme:
        context.visitor = await principal.source().visitor(None, bearer if scheme.lower() == "bearer" else "")
    else:
        context.csrf_cookie = ours.get(cookies.CSRF, "")
        context.flashes = flashes.unpacked(ours[cookies.FLASH]) if ours.get(cookies.FLASH) else []
        if session := ours.get(cookies.SESSION):
            context.visitor = await principal.source().visitor(session, None)
    scope["user"], scope["auth"] = context.principal, context.visitor


async def _refuse(scope: Scope, receive: Receive, outgoing: _Outgoing, failure: Exception) -> None:
    request: Request[Any, Any, Any] = Request(scope, receive, outgoing.send)
    response = errors.answer(request, failure)
    await response.to_asgi_response(app=None, request=request)(scope, receive, outgoing.send)


def _write_line(scope: Scope, context: RequestContext, status: int, seconds: float) -> None:
    if scope["path"].startswith(QUIET) and status < 500:
        return
    log.info(
        "request",
        method=scope.get("method"),
        route=scope.get("path_template") or "unknown",
        status=status,
        milliseconds=round(seconds * 1000, 1),
        caller=context.principal.kind,
    )
