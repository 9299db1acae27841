"""What endpoints under /api/v1 share: pages of a list, versions of a thing, the OpenAPI document."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar import Request, Response, Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from app.core.errors import DomainError, EditConflict
from app.core.text import N_
from app.web.guards import public
from app.web.pagination import Slice

Item = TypeVar("Item")
View = TypeVar("View")


class Page(msgspec.Struct, Generic[Item]):
    """One page of a list; ``next_cursor`` null means that this was the last."""

    items: list[Item]
    next_cursor: Annotated[str | None, msgspec.Meta(examples=["MTIz"])] = None


class VersionRequired(DomainError):
    """An edit must say which version it was made from."""

    code, status, message = "version_required", 428, N_("修改前请先读取最新版本，并在 If-Match 中带上版本号。")


def page_of(part: Slice[View], shown: Callable[[View], Item]) -> Page[Item]:
    """Return a page for a program from a slice of views."""
    return Page([shown(view) for view in part.items], part.next_cursor)


def versioned(body: Item, version: int) -> Response[Item]:
    """Return a thing with its version in the ETag header."""
    return Response(body, headers={"ETag": f'"{version}"'})


def expected_version(request: Request[Any, Any, Any]) -> int:
    """Return the version an edit was made from, out of If-Match; without it the edit is refused."""
    given = request.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not given:
        raise VersionRequired
    if not given.isdigit():
        raise EditConflict
    return int(given)


def check_version(actual: int, expected: int) -> None:
    """Refuse an edit made from an older version; services call it on the locked row."""
    if actual != expected:
        raise EditConflict


def openapi() -> OpenAPIConfig:
    """Return the settings of the OpenAPI document; /api/docs shows it without a CDN."""
    return OpenAPIConfig(
        title="Fahui API",
        version="1",
        openapi_router=Router(path="/api/schema", route_handlers=[], guards=[public], include_in_schema=False),
        description=(
            "The public legal services platform of Hangzhou, for programs. Times are UTC (RFC 3339), amounts are "
            "integer fen, lists are read by cursor, refusals are application/problem+json."
        ),
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        security=[{"bearer": []}],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", description="A personal API token."),
            }
        ),
        use_handler_docstrings=True,
    )
