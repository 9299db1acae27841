"""What exports of hours add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.hours.exports import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.exports, controllers.create, controllers.download),
    api_routes("hours-exports", api.create_export, api.list_exports, api.read_export),
]
SLOTS: list[Slot] = [("station.aside", controllers.at_station)]
