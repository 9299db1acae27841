"""What groups add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.groups import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.group_form, controllers.sign_group_up),
    api_routes("groups", api.create_group, api.list_groups),
]
SLOTS: list[Slot] = [
    ("assignment_page.position", slots.on_position),
    ("organization_schedule.main", slots.on_schedule),
]
