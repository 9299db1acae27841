"""Where the links of a page lead: no page shows its reader a door that is closed to them, or that is not there."""

import re
from functools import cache
from html import unescape

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.core.access import Principal
from app.web.guards import Access, access_of

_LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#?]*)')
_PLACE = re.compile(r"\{[^}:]+:([a-z]+)\}")
_FORMS = {"int": r"\d+", "uuid": r"[0-9a-f-]{36}", "date": r"\d{4}-\d{2}-\d{2}", "path": r".+"}
OUTSIDE = ("/static", "/api")
"""What is not a page of ours: files, and the documentation of the interface."""


def closed_doors(app: Litestar, person: Principal, page: str) -> list[str]:
    """Return the links of a page that its reader may not follow; an anonymous one is led to the sign-in instead."""
    links = {unescape(link) for link in _LINK.findall(page)}
    return sorted(link for link in links if not link.startswith(OUTSIDE) and not _open(app, person, link))


def _open(app: Litestar, person: Principal, link: str, takes_forms: bool = False) -> bool:
    found = next((access for form, access in _doors(app, "GET") if form.fullmatch(link)), None)
    if found is None:
        takes_forms = takes_forms or any(form.fullmatch(link) for form, _ in _doors(app, "POST"))
        above = link.rstrip("/").rpartition("/")[0]
        return takes_forms and (not above or _open(app, person, above, takes_forms=True))
    if found.public or not person.signed_in or not found.permissions:
        return True
    return any(person.can(permission) for permission in found.permissions)


@cache
def _doors(app: Litestar, method: str) -> tuple[tuple[re.Pattern[str], Access], ...]:
    """Every address that answers the method, the fixed ones before those with a place to fill, and who may open it."""
    public = Access(public=True)
    handlers = [
        (route.path, access_of(handler) or public)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and method in handler.http_methods
    ]
    fixed_first = sorted(handlers, key=lambda one: (one[0].count("{"), one[0]))
    return tuple((_form(path), access) for path, access in fixed_first)


def _form(path: str) -> re.Pattern[str]:
    parts = _PLACE.split(path)
    filled = [_FORMS.get(part, "[^/]+") if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(filled) + "/?")
