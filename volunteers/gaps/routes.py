"""What the map of gaps adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from volunteers.gaps import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.gaps, controllers.causes, controllers.export, controllers.by_request),
    api_routes("gaps", api.list_areas, api.list_seats),
]
NAV: list[NavItem] = [
    NavItem(N_("缺口"), "/gaps", frozenset({Permission.DISPATCH_PLAN}), "work", 36, "map"),
]
