"""Browsers tell here what the content policy stopped; the log counts it, without addresses' queries."""

from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, post

from app.core import logging
from app.web import headers
from app.web.guards import public

log = logging.get("fahui.web")
LONGEST = 20_000
counted: dict[str, int] = {}


@post(headers.REPORTS, guards=[public], opt={"csrf_exempt": True})
async def receive(request: Request[Any, Any, Any]) -> Response[None]:
    """Take a report in either of the two formats that browsers send; anything else is dropped."""
    body = await request.body()
    for report in _reports(body[:LONGEST]):
        directive = str(report.get("effective-directive") or report.get("effectiveDirective") or "unknown")[:60]
        counted[directive] = counted.get(directive, 0) + 1
        log.warning(
            "policy_violation",
            directive=directive,
            page=_without_query(report.get("document-uri") or report.get("documentURL")),
            blocked=_without_query(report.get("blocked-uri") or report.get("blockedURL")),
            total=counted[directive],
        )
    return Response(None, status_code=204)


def _reports(body: bytes) -> list[dict[str, Any]]:
    try:
        sent = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return []
    if isinstance(sent, dict):
        sent = [sent.get("csp-report")]
    entries = [entry.get("body", entry) for entry in sent if isinstance(entry, dict)] if isinstance(sent, list) else []
    return [entry for entry in entries if isinstance(entry, dict)][:20]


def _without_query(address: Any) -> str:
    parts = urlsplit(str(address or ""))
    return f"{parts.netloc}{parts.path}"[:200]
