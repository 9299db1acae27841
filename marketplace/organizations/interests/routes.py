"""What declared ties add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.organizations.interests import api, controllers
from marketplace.organizations.interests.service import OFFICERS

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.interests, controllers.declare, controllers.end),
    api_routes("organizations", api.list_interests, api.declare, api.end),
]
NAV: list[NavItem] = [
    NavItem(N_("回避申报"), "/review/interests", frozenset(OFFICERS), "work", 45, icon="person-x"),
]
