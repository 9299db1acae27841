"""How a feature hands its handlers to the application: pages outside the schema, endpoints below /api/v1."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ControllerRouterHandler

from app.web.problems import Problem

API = "/api/v1"
REFUSED = ResponseSpec(Problem, description="Refused: application/problem+json", generate_examples=False)


def html(*handlers: ControllerRouterHandler) -> Router:
    """Return a router of pages; they do not appear in the OpenAPI document."""
    return Router(path="/", route_handlers=list(handlers), include_in_schema=False)


def api(tag: str, *handlers: ControllerRouterHandler) -> Router:
    """Return a router of endpoints below /api/v1, with problem+json as their refusals; ``tag`` groups them."""
    for handler in handlers:
        if isinstance(handler, HTTPRouteHandler):
            handler.responses = {400: REFUSED, **(handler.responses or {})}
    return Router(path=API, route_handlers=list(handlers), tags=[tag])
