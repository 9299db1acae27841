"""What the matrix adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.organizations.matrix import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.show_matrix),
    api_routes("organizations", api.list_provisions),
]
NAV: list[NavItem] = [NavItem(N_("谁能提供什么"), "/organizations/matrix", group="footer", order=45)]
