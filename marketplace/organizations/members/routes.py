"""What members add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.organizations.members import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.members, controllers.invite, controllers.withdraw, controllers.name_duty, controllers.remove),
    html(controllers.invitation, controllers.accept, controllers.decline),
    api_routes(
        "organizations",
        *(api.list_members, api.invite, api.withdraw, api.name_duty, api.remove),
        *(api.show_invitation, api.accept, api.decline),
    ),
]
