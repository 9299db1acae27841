"""What people beyond the quota add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.over_quota import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.add_form, controllers.add, controllers.seat),
    api_routes("over-quota", api.list_over_quota, api.add_over_quota, api.seat_over_quota),
]
SLOTS: list[Slot] = [("station_shift.main", slots.on_shift)]
