"""What capacity adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.products.capacity import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.show, controllers.state, controllers.add_days_off, controllers.remove_day_off),
    api_routes("products", api.show_capacity, api.state_capacity, api.state_days_off, api.remove_day_off),
]
ACTION_NAMES = {
    "product.capacity_stated": N_("登记每月可接数量"),
    "product.days_off_stated": N_("登记停约日"),
    "product.day_off_removed": N_("取消停约日"),
}
