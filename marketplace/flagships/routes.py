"""What flagship projects add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.flagships import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.projects, controllers.propose_form, controllers.propose, controllers.show, controllers.decide),
    api_routes("projects", api.list_projects, api.show_project, api.propose, api.decide),
]
NAV: list[NavItem] = [
    NavItem(N_("法治惠民实事项目"), "/projects", group="footer", order=43),
    NavItem(N_("实事项目"), "/projects", frozenset({Permission.PRODUCT_REVIEW}), "work", 32, "flag"),
]
