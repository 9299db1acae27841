"""What messages add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.messages import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.messages, controllers.write),
    api_routes("shift-messages", api.list_messages, api.create_message),
]
SLOTS: list[Slot] = [
    ("station_shift.main", slots.on_shift),
    ("assignment_page.main", slots.on_assignment),
    ("day_page.main", slots.on_day),
]
