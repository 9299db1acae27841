"""What attachments add to the program."""

from litestar.types import ControllerRouterHandler

from app.attachments import controllers
from app.web.routes import html

ROUTE_HANDLERS: list[ControllerRouterHandler] = [html(controllers.download)]
