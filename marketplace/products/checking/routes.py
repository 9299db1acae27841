"""What the check adds to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import html
from marketplace.products.checking import controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [html(controllers.check)]
