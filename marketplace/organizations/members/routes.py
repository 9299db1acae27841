"""What members add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import html
from marketplace.organizations.members import controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.members, controllers.invite, controllers.withdraw, controllers.name_duty, controllers.remove),
    html(controllers.invitation, controllers.accept, controllers.decline),
]
