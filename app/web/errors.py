"""The one place where an exception becomes an answer: a page or problem+json, never a stack trace."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from markupsafe import escape

from app.core import logging
from app.core.errors import DomainError, Ground, InvalidInput, NotFound, NotSignedIn
from app.core.text import N_, Message
from app.web.context import current
from app.web.i18n import translate
from app.web.problems import FieldProblem, GroundProblem, Problem
from app.web.templates import render

SIGN_IN = "/sign-in"
PROBLEM_JSON = "application/problem+json"
HTML = "text/html"
log = logging.get("fahui.web")

TITLES = {
    400: N_("请求有误"),
    401: N_("请先登录"),
    403: N_("没有权限"),
    404: N_("没有找到"),
    405: N_("不支持这种操作"),
    409: N_("现在不能这样做"),
    413: N_("内容太大"),
    422: N_("有内容需要修改"),
    429: N_("操作太频繁"),
    500: N_("出了点问题"),
    503: N_("暂时不可用"),
}
DETAILS = {
    404: NotFound.message,
    405: N_("这个地址不支持这种操作。请返回上一页重试。"),
    413: N_("提交的内容太大。请缩小文件后再试。"),
    429: N_("请稍等片刻再试。"),
    500: N_("我们已经记录了这个问题。请稍后再试；如需帮助，请提供下面的编号。"),
    503: N_("系统正在恢复，请几分钟后再试。"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An exception, reduced to what may leave the server."""

    status: int
    code: str
    detail: Message
    fields: dict[str, Message] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()

    @property
    def title(self) -> str:
        """Return the status in words."""
        return translate(TITLES.get(self.status) or TITLES[500 if self.status >= 500 else 400])


def answer(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
    """Answer a request that failed, by what the caller accepts."""
    refusal = reduced(failure)
    if refusal.status >= 500:
        log.error("failed", exc_info=(type(failure), failure, failure.__traceback__))
    if wants_json(request):
        return problem(refusal)
    if isinstance(failure, NotSignedIn) and request.method == "GET" and request.url.path != SIGN_IN:
        return Redirect(f"{SIGN_IN}?next={quote(current().url(), safe='/')}", status_code=303)
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
        return Redirect(_page_above(request), status_code=303)
    return Response(_page(refusal), media_type=HTML, status_code=refusal.status, headers=refusal.headers)


def _page_above(request: Request[Any, Any, Any]) -> str:
    """Return the page above an address that only takes forms, which is where its form stands.

    A refused form stands at such an address: whoever reloads it or switches the language there asks to read it.
    """
    parts = request.url.path.strip("/").split("/")
    pages = [route.path.strip("/").split("/") for route in request.app.routes if "GET" in route.methods]
    above = next((parts[:n] for n in range(len(parts) - 1, 0, -1) if any(_fits(parts[:n], page) for page in pages)), [])
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{'/'.join(above)}{query}"


def _fits(parts: list[str], page: list[str]) -> bool:
    """Tell whether an address is one of a page's, whose places to fill stand in braces."""
    said = zip(parts, page, strict=False)
    return len(parts) == len(page) and all(place.startswith("{") or part == place for part, place in said)


def _page(refusal: Refusal) -> str:
    """Return the error page; if templates or static files are broken as well, the bare words."""
    try:
        return render("app/error.html", {"refusal": refusal})
    except Exception as failure:  # an error page that fails must still be an answer
        log.error("error_page_failed", exc_info=(type(failure), failure, failure.__traceback__))
        words = f"{refusal.status} {refusal.title} {translate(refusal.detail)} {current().request_id}"
        return f"<!doctype html><title>{refusal.status}</title><p>{escape(words)}</p>"


def reduced(failure: Exception) -> Refusal:
    """Return what may be said about an exception."""
    if isinstance(failure, DomainError):
        return Refusal(failure.status, failure.code, failure.text(), failure.fields, grounds=failure.grounds)
    if isinstance(failure, HTTPException) and failure.status_code < 500:
        return _from_framework(failure)
    unreachable = isinstance(failure, OSError)
    status = 503 if unreachable else 500
    return Refusal(status, "unavailable" if unreachable else "failed", Message(DETAILS[status]))


def _from_framework(failure: HTTPException) -> Refusal:
    status = failure.status_code
    wrong = failure.extra if isinstance(failure.extra, list) else []
    fields = {
        str(entry["key"]): Message(N_("这一项的格式不对：%(reason)s"), {"reason": entry["message"]})
        for entry in wrong
        if isinstance(entry, dict) and "key" in entry and "message" in entry
    }
    detail = DETAILS.get(status) or (InvalidInput if fields else DomainError).message
    code = HTTPStatus(status).name.lower()
    return Refusal(status, code, Message(detail), fields, dict(failure.headers or {}))


def problem(refusal: Refusal) -> Response[Problem]:
    """Answer a program."""
    body = Problem(
        type=f"/api/problems#{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        code=refusal.code,
        request_id=current().request_id,
        detail=translate(refusal.detail),
        fields=[FieldProblem(name, translate(message)) for name, message in refusal.fields.items()],
        grounds=[_ground(ground) for ground in refusal.grounds],
    )
    return Response(body, media_type=PROBLEM_JSON, status_code=refusal.status, headers=refusal.headers)


def _ground(ground: Ground) -> GroundProblem:
    words = (ground.reason, ground.document, ground.article, ground.value)
    return GroundProblem(
        ground.code, *(translate(text) for text in words), ground.since, translate(ground.remedy), ground.verified
    )


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Tell whether the caller is a program: the API always, elsewhere by the Accept header."""
    if request.url.path.startswith("/api/v"):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


HANDLERS: dict[type[Exception] | int, Any] = {DomainError: answer, HTTPException: answer, Exception: answer}
