"""A form counts only if it comes from a page of ours: a token that other sites cannot read must come back.

Litestar's own middleware would refuse requests with a bearer token as well. Those are exempt here, because they
never read cookies; a handler whose body is signed says ``opt={"csrf_exempt": True}``.
"""

import hmac
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler

from app.core.errors import DomainError
from app.core.text import N_
from app.web.context import current

FIELD = "_csrf_token"
HEADER = "x-csrftoken"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


class FormExpired(DomainError):
    """The token is missing or another one: the page is too old, or not ours."""

    code, status, message = "form_expired", 403, N_("页面停留太久，或不是从本站打开的。请返回刷新页面后再提交。")


async def protect(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a write without the token; runs before every other guard."""
    request = cast("Request[Any, Any, Any]", connection)
    if request.method in SAFE or handler.opt.get("csrf_exempt") or "authorization" in request.headers:
        return
    context = current()
    expected = context.visitor.csrf_token or context.csrf_cookie
    given = request.headers.get(HEADER) or await _from_form(request)
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise FormExpired


async def _from_form(request: Request[Any, Any, Any]) -> str:
    if request.content_type[0] not in FORMS:
        return ""
    value = (await request.form()).get(FIELD, "")
    return value if isinstance(value, str) else ""
