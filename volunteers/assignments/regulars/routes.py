"""What regulars add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.regulars import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.regulars, controllers.mark, controllers.unmark, controllers.keep_weekdays),
    api_routes("regulars", api.list_regulars, api.put_regular, api.put_weekdays, api.delete_regular),
]
SLOTS: list[Slot] = [("station.aside", controllers.at_station)]
