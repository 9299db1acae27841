"""What checking in adds to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from volunteers.attendance.checking_in import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.today,
        controllers.today_now,
        controllers.desk,
        controllers.check,
        controllers.came,
        controllers.went,
    ),
    api_routes("check-ins", api.check_in_code, api.create_check_in),
]
