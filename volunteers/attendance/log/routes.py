"""What the log adds to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.attendance.log import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.log, controllers.write),
    api_routes("duty-log", api.read_log, api.write_log),
]
SLOTS: list[Slot] = [("day_page.standing", slots.on_day), ("station_shift.main", slots.on_shift)]
