"""What the catalogue's editions add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.products.editions import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.published, controllers.show, controllers.desk, controllers.draw_up),
        *(controllers.edit, controllers.decide, controllers.publish),
    ),
    api_routes(
        "products",
        *(api.list_editions, api.show_edition, api.list_entries, api.draw_up, api.decide, api.publish),
    ),
]
NAV: list[NavItem] = [
    NavItem(N_("服务目录年版"), "/catalogue", group="footer", order=42),
    NavItem(N_("目录年版"), "/review/editions", frozenset({Permission.PRODUCT_REVIEW}), "work", 31, "book"),
]
