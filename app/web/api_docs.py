"""The page that documents the API: rendered on the server from our own OpenAPI document, without a CDN."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get

from app.web.examples import example_of, named
from app.web.guards import public
from app.web.pages import page
from app.web.problems import FieldProblem, Problem

REFUSED = "400"
"""Every operation may be refused in the same form: the page explains it once."""
METHODS = ("get", "post", "put", "patch", "delete")


PROBLEM = msgspec.json.format(
    msgspec.json.encode(
        Problem(
            type="/api/problems#invalid_input",
            title="Something needs correction",
            status=422,
            code="invalid_input",
            request_id="5f1f1a0e7c0f4b0d9a3c6b1d2e8f9a70",
            detail="Something needs correction; see the marked places.",
            fields=[FieldProblem("title_zh", "Please fill this in.")],
        )
    ),
    indent=2,
).decode()


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[dict[str, Any], ...]
    request_example: str
    responses: tuple[tuple[str, str, str], ...]

    @property
    def anchor(self) -> str:
        """Return the operation's place on the page."""
        return f"{self.method}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}"


@get("/api/docs", guards=[public])
async def documentation(request: Request[Any, Any, Any]) -> Response[str]:
    """Show every operation with its parameters and examples."""
    return await page("app/api.html", groups=groups(request.app), problem=PROBLEM)


@cache
def groups(app: Litestar) -> dict[str, list[Operation]]:
    """Return the operations by tag, in the order of the routes."""
    document = app.openapi_schema.to_schema()
    schemas = document.get("components", {}).get("schemas", {})
    found: dict[str, list[Operation]] = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if operation := item.get(method):
                tag = (operation.get("tags") or [""])[0]
                found.setdefault(tag, []).append(_operation(method, path, operation, schemas))
    return found


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    sent = _schema_of(operation.get("requestBody", {}))
    return Operation(
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(_parameter(entry, schemas) for entry in operation.get("parameters", [])),
        request_example=_written(sent, schemas),
        responses=tuple(
            (status, answer.get("description", ""), _written(_schema_of(answer), schemas))
            for status, answer in operation.get("responses", {}).items()
            if status != REFUSED
        ),
    )


def _parameter(entry: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = named(entry.get("schema", {}), schemas)
    kind = schema.get("type") or " | ".join(part.get("type", "") for part in schema.get("oneOf", []))
    return {
        "name": entry["name"],
        "place": entry["in"],
        "required": entry.get("required", False),
        "kind": kind,
        "description": entry.get("description", ""),
    }


def _schema_of(body: dict[str, Any]) -> dict[str, Any] | None:
    for content in body.get("content", {}).values():
        schema: dict[str, Any] = content.get("schema", {})
        return schema
    return None


def _written(schema: dict[str, Any] | None, schemas: dict[str, Any]) -> str:
    if not schema:
        return ""
    return msgspec.json.format(msgspec.json.encode(example_of(schema, schemas)), indent=2).decode()
