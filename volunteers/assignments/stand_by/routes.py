"""What stand-bys add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.stand_by import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.offer_weekly, controllers.offer, controllers.end),
    api_routes("stand-by", api.create_stand_by, api.list_stand_by, api.end_stand_by),
]
SLOTS: list[Slot] = [
    ("assignment_page.position", slots.on_position),
    ("my_assignments.main", slots.own),
    ("station_shift.aside", slots.on_shift),
]
