"""Puts the web process together from what the packages' wiring exports."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from app.core import logging
from app.core.access import Principal
from app.web import api, compression, errors, frame
from app.web.context import current
from app.web.csrf import protect
from app.web.frame_routes import FRAME_ROUTES

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]
LARGEST_BODY = 12 * 1024 * 1024


def current_principal() -> Principal:
    """Return the person behind the request; handlers take it as an argument named ``principal``."""
    return current().principal


def create(route_handlers: Sequence[ControllerRouterHandler], lifespan: Sequence[Lifespan] = ()) -> Litestar:
    """Return the application with the frame's own routes and those given."""
    logging.configure("web")
    app = Litestar(
        route_handlers=[*FRAME_ROUTES, *route_handlers],
        guards=[protect],
        dependencies={"principal": Provide(current_principal, sync_to_thread=False)},
        exception_handlers=errors.HANDLERS,
        lifespan=list(lifespan),
        openapi_config=api.openapi(),
        compression_config=compression.CONFIG,
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = frame.Frame(app.asgi_handler)
    return app
