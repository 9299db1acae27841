"""What templates add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.products.templates import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.choose, controllers.copy),
    api_routes("products", api.list_templates, api.copy_template),
]
